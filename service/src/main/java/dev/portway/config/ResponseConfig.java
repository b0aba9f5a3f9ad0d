package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * How a response is passed on; the {@code response} of a route. Immutable.
 *
 * @param headers what is changed in its fields; null for nothing
 * @param securityHeaders whether browsers are told to be careful with it, where the backend did not say otherwise
 */
public record ResponseConfig(@Nullable HeaderEditsConfig headers, boolean securityHeaders) {

    /** As the backend sent it. */
    public static final ResponseConfig AS_SENT = new ResponseConfig(null, false);

    static final Keys KEYS = Keys.of("headers", "securityHeaders").with("headers", HeaderEditsConfig.KEYS);

    /** @param inherited what holds where the route says nothing */
    static ResponseConfig read(Cursor at, ResponseConfig inherited) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new ResponseConfig(
                RulesConfig.rule(in, "headers", inherited.headers, HeaderEditsConfig::ofResponse),
                in.get("securityHeaders", inherited.securityHeaders, Cursor::bool));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("headers", headers == null ? json.booleanNode(false) : headers.json());
        return json.put("securityHeaders", securityHeaders);
    }
}
