package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is changed in the query of a request. Immutable.
 *
 * @param remove names of parameters taken out
 * @param set in place of those of the same name
 */
public record QueryEditsConfig(List<String> remove, Map<String, Template> set) {

    public static final QueryEditsConfig NONE = new QueryEditsConfig(List.of(), Map.of());

    public QueryEditsConfig {
        remove = List.copyOf(remove);
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
    }

    static final Keys KEYS = Keys.of("set", "remove").with("set", Keys.ANY);

    private static final String EXPECTED_NAMES = "a list such as [\"debug\"]";

    static QueryEditsConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new QueryEditsConfig(
                in.get("remove", List.of(), names -> names.filledList(QueryEditsConfig::readName, EXPECTED_NAMES)),
                in.get("set", Map.of(), QueryEditsConfig::readSet));
    }

    private static String readName(Cursor at) throws InvalidValueException {
        return at.text("a parameter's name", "such as \"debug\"");
    }

    private static Map<String, Template> readSet(Cursor at) throws InvalidValueException {
        Map<String, Template> set = new LinkedHashMap<>();
        for (Cursor parameter : at.each("{ \"name\": \"value\" }")) {
            Template value = parameter.read(it -> Template.parse(it, it.text("a parameter's value", "a string")));
            if (value != null) {
                set.put(parameter.key(), value);
            }
        }
        return set;
    }

    /** Whether the query stays as it is. */
    public boolean isEmpty() {
        return remove.isEmpty() && set.isEmpty();
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        remove.forEach(json.putArray("remove")::add);
        json.set("set", HeaderEditsConfig.json(set));
        return json;
    }
}
