package dev.portway.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is changed in the fields of a request or a response, in this order. Immutable.
 *
 * @param remove names of fields taken out
 * @param set in place of the fields of the same name
 * @param add beside them
 * @param append to the value that is there, behind a comma; set where there is none
 */
public record HeaderEditsConfig(
        List<String> remove, Map<String, Template> set, Map<String, List<Template>> add, Map<String, Template> append) {

    public HeaderEditsConfig {
        remove = List.copyOf(remove);
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        add = Collections.unmodifiableMap(new LinkedHashMap<>(add));
        append = Collections.unmodifiableMap(new LinkedHashMap<>(append));
    }

    static final Keys KEYS = Keys.of("set", "add", "append", "remove")
            .with("set", Keys.ANY)
            .with("add", Keys.ANY)
            .with("append", Keys.ANY);

    /** What the proxy says of a client, or of itself, in every request. */
    private static final Set<String> OF_THE_CLIENT =
            Set.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "forwarded", "via");

    private static final String EXPECTED = "{ \"X-Name\": \"value\" }";
    private static final String EXPECTED_NAMES = "a list such as [\"X-Name\"]";

    /** Edits of a request. */
    static HeaderEditsConfig ofRequest(Cursor at) throws InvalidValueException {
        return read(at, true);
    }

    /** Edits of a response. */
    static HeaderEditsConfig ofResponse(Cursor at) throws InvalidValueException {
        return read(at, false);
    }

    private static HeaderEditsConfig read(Cursor at, boolean request) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new HeaderEditsConfig(
                in.get("remove", List.of(), names -> names.filledList(name -> readName(name, request), EXPECTED_NAMES)),
                in.get("set", Map.of(), fields -> readFields(fields, request, HeaderEditsConfig::readValue)),
                in.get("add", Map.of(), fields -> readFields(fields, request, HeaderEditsConfig::readValues)),
                in.get("append", Map.of(), fields -> readFields(fields, request, HeaderEditsConfig::readValue)));
    }

    /** The fields that a request has in place of the client's own. */
    static Map<String, Template> readReplacement(Cursor at) throws InvalidValueException {
        return readFields(at, true, HeaderEditsConfig::readValue);
    }

    /** The fields of an answer that has no backend. */
    static Map<String, Template> readAnswer(Cursor at) throws InvalidValueException {
        return readFields(at, false, HeaderEditsConfig::readValue);
    }

    private static <T> Map<String, T> readFields(Cursor at, boolean request, ValueReader<T> reader)
            throws InvalidValueException {
        Map<String, T> fields = HeaderFields.read(at, EXPECTED, reader, null);
        for (String name : fields.keySet()) {
            String fault = fault(name, request);
            if (fault != null) {
                at.keyError(name, fault);
            }
        }
        return fields;
    }

    private static Template readValue(Cursor at) throws InvalidValueException {
        return Template.parse(at, HeaderFields.readValue(at, "a string"));
    }

    private static List<Template> readValues(Cursor at) throws InvalidValueException {
        return at.node().isArray()
                ? at.filledList(HeaderEditsConfig::readValue, "a string, or a list of them")
                : List.of(readValue(at));
    }

    private static String readName(Cursor at, boolean request) throws InvalidValueException {
        String name = at.text("a header's name", "such as \"X-Name\"");
        if (!Token.is(name)) {
            throw new InvalidValueException("is not a header's name", "such as \"X-Name\"");
        }
        if (fault(name, request) != null) {
            throw new InvalidValueException("is the proxy's to say", "other headers");
        }
        return name;
    }

    private static @Nullable String fault(String name, boolean request) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (request && lower.equals("host")) {
            return "\"" + name + "\" is said by the route's hostHeader (expected: other headers)";
        }
        return HeaderFields.ofTheMessage(name) || (request && OF_THE_CLIENT.contains(lower))
                ? "\"" + name + "\" is the proxy's to say (expected: other headers)"
                : null;
    }

    /**
     * Checks a field that a program has sent in a request, by the rules for what a configuration says.
     *
     * @throws IllegalArgumentException if it is none, or is the proxy's to say
     */
    public static void checkOfRequest(String name, String value) {
        if (!Token.is(name)) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is not a header's name (expected: such as \"X-Name\")");
        }
        String fault = fault(name, true);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
        if (!HeaderFields.isValue(value)) {
            throw new IllegalArgumentException(
                    name + " has what is not a header's value (expected: no line breaks, no blanks around it)");
        }
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        remove.forEach(json.putArray("remove")::add);
        json.set("set", json(set));
        ObjectNode added = json.putObject("add");
        add.forEach((name, values) -> {
            ArrayNode list = added.putArray(name);
            values.forEach(value -> list.add(value.shown()));
        });
        json.set("append", json(append));
        return json;
    }

    static ObjectNode json(Map<String, Template> fields) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        fields.forEach((name, value) -> json.put(name, value.shown()));
        return json;
    }
}
