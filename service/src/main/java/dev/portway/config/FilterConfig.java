package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a request may be; the {@code filter} of a route or of {@code security}. Immutable.
 *
 * @param methods let through; empty for any
 * @param blockedPaths prefixes, normalised, of paths that are not let through, however a backend may read them
 */
public record FilterConfig(List<String> methods, List<String> blockedPaths) {

    public FilterConfig {
        methods = List.copyOf(methods);
        blockedPaths = List.copyOf(blockedPaths);
    }

    static final Keys KEYS = Keys.of("methods", "blockedPaths");

    private static final String EXPECTED_METHODS = "a list such as [\"GET\", \"HEAD\"]";
    private static final String EXPECTED_PATHS = "a list such as [\"/.git\", \"/internal\"]";

    static FilterConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new FilterConfig(
                in.get("methods", List.of(), methods -> methods.filledList(Token::method, EXPECTED_METHODS)),
                in.get("blockedPaths", List.of(), paths -> paths.filledList(PathPrefix::read, EXPECTED_PATHS)));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        methods.forEach(json.putArray("methods")::add);
        blockedPaths.forEach(json.putArray("blockedPaths")::add);
        return json;
    }
}
