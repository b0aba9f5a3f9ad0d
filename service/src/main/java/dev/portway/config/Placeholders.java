package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces <code>${NAME}</code> and <code>${NAME:-default}</code> in the strings of a tree. As in a shell, the default
 * also stands in for a variable that is set to nothing; <code>$${</code> is a <code>${</code> that stays. Confined.
 */
@SuppressWarnings("ReferenceEquality") // the same node back is how resolve says that nothing in it was replaced
final class Placeholders {

    private static final String OPEN = "${";

    private final Function<String, @Nullable String> environment;
    private final Reading reading;

    Placeholders(Function<String, @Nullable String> environment, Reading reading) {
        this.environment = environment;
        this.reading = reading;
    }

    static boolean anyIn(JsonNode written) {
        return written.isTextual() && written.textValue().contains(OPEN);
    }

    /** Whether there is one in a string of this tree. */
    static boolean anyWithin(JsonNode written) {
        if (!written.isContainerNode()) {
            return anyIn(written);
        }
        for (JsonNode value : written) {
            if (anyWithin(value)) {
                return true;
            }
        }
        return false;
    }

    /** Adds where in this tree they stand. */
    static void collect(JsonNode written, String pointer, List<String> pointers) {
        if (anyIn(written)) {
            pointers.add(pointer);
        }
        for (int i = 0; written.isArray() && i < written.size(); i++) {
            collect(written.get(i), pointer + "/" + i, pointers);
        }
        for (Map.Entry<String, JsonNode> member : written.properties()) {
            collect(member.getValue(), Reading.pointer(pointer, member.getKey()), pointers);
        }
    }

    /**
     * What was made of a value, for people to see: wherever a placeholder stands, with the text of the file. Where the two are
     * of another form, all of that text; what is left out or hidden stays so.
     */
    static JsonNode putBack(JsonNode made, JsonNode written) {
        if (!anyWithin(written) || made.isNull()) {
            return made;
        }
        if (made instanceof ObjectNode object && written instanceof ObjectNode source) {
            ObjectNode shown = object.objectNode().setAll(object);
            source.properties().forEach(member -> {
                JsonNode value = shown.get(member.getKey());
                if (value != null) {
                    shown.set(member.getKey(), putBack(value, member.getValue()));
                }
            });
            return shown;
        }
        if (made.isArray() && written.isArray() && made.size() == written.size()) {
            ArrayNode shown = JsonNodeFactory.instance.arrayNode(made.size());
            for (int i = 0; i < made.size(); i++) {
                shown.add(putBack(made.get(i), written.get(i)));
            }
            return shown;
        }
        return hides(made) ? made : written;
    }

    private static boolean hides(JsonNode made) {
        boolean hides = Template.HIDDEN.equals(made.textValue());
        for (JsonNode part : made) {
            hides |= hides(part);
        }
        return hides;
    }

    /** Whether the value is one placeholder and nothing else, so that it may stand for a number or a boolean. */
    static boolean isWhole(JsonNode written) {
        String text = written.isTextual() ? written.textValue() : "";
        return text.startsWith(OPEN) && text.indexOf('}') == text.length() - 1;
    }

    /** The tree with its placeholders replaced; parts without any are shared with {@code written}, not copied. */
    JsonNode resolve(JsonNode written, String pointer) {
        if (written instanceof ObjectNode object) {
            return resolveObject(object, pointer);
        }
        if (written instanceof ArrayNode array) {
            return resolveArray(array, pointer);
        }
        return anyIn(written) ? resolveText(written, pointer) : written;
    }

    private ObjectNode resolveObject(ObjectNode written, String pointer) {
        ObjectNode resolved = null;
        for (Map.Entry<String, JsonNode> member : written.properties()) {
            JsonNode value = member.getValue();
            if (value.isContainerNode() || anyIn(value)) {
                JsonNode replaced = resolve(value, Reading.pointer(pointer, member.getKey()));
                if (replaced != value) {
                    if (resolved == null) {
                        resolved = written.objectNode().setAll(written);
                    }
                    resolved.set(member.getKey(), replaced);
                }
            }
        }
        return resolved == null ? written : resolved;
    }

    private ArrayNode resolveArray(ArrayNode written, String pointer) {
        ArrayNode resolved = null;
        for (int i = 0; i < written.size(); i++) {
            JsonNode replaced = resolve(written.get(i), pointer + "/" + i);
            if (replaced != written.get(i)) {
                if (resolved == null) {
                    resolved = written.arrayNode(written.size()).addAll(written);
                }
                resolved.set(i, replaced);
            }
        }
        return resolved == null ? written : resolved;
    }

    private JsonNode resolveText(JsonNode written, String pointer) {
        String text = written.textValue();
        StringBuilder resolved = new StringBuilder(text.length());
        int from = 0;
        for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, from)) {
            if (open > from && text.charAt(open - 1) == '$') {
                resolved.append(text, from, open - 1).append(OPEN);
                from = open + OPEN.length();
                continue;
            }
            resolved.append(text, from, open);
            int close = text.indexOf('}', open);
            String value =
                    close < 0 ? unreadable(pointer) : value(text.substring(open + OPEN.length(), close), pointer);
            if (value == null) {
                reading.markUnresolved(written);
                return written;
            }
            resolved.append(value);
            from = close + 1;
        }
        return TextNode.valueOf(resolved.append(text, from, text.length()).toString());
    }

    private @Nullable String value(String inside, String pointer) {
        int split = inside.indexOf(":-");
        String name = split < 0 ? inside : inside.substring(0, split);
        String absent = split < 0 ? null : inside.substring(split + 2);
        if (!isName(name) || (absent != null && absent.contains(OPEN))) {
            return unreadable(pointer);
        }
        String value = environment.apply(name);
        if (absent != null && (value == null || value.isEmpty())) {
            return absent;
        }
        if (value == null) {
            reading.problems()
                    .add(
                            Problem.Severity.ERROR,
                            pointer,
                            null,
                            "the environment variable " + name + " is not set (set it, or write \"${" + name
                                    + ":-DEFAULT}\")");
        }
        return value;
    }

    private @Nullable String unreadable(String pointer) {
        reading.problems()
                .add(
                        Problem.Severity.ERROR,
                        pointer,
                        null,
                        "holds a placeholder that cannot be read (expected: \"${NAME}\" or \"${NAME:-default}\" with"
                                + " letters, digits and _ in the name and none nested; \"$${\" for a \"${\" that stays)");
        return null;
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && !Ascii.isDigit(name.charAt(0))
                && name.chars().allMatch(c -> Ascii.isAlphanumeric(c) || c == '_');
    }
}
