package dev.portway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The object that a form stands for, so that a shell can write routes without quoting JSON:
 * {@code host=api.local&target=3001}. A repeated key is a list, {@code health.path=/up} goes into the object
 * {@code health}, digits are a number and {@code true} and {@code false} a boolean where the key is not one of names.
 */
final class FormBody {

    /** Keys, and objects of keys, whose values are text whatever they look like. */
    private static final Set<String> TEXT =
            Set.of("id", "host", "path", "methods", "headers", "metadata", "url", "method");

    /** Keys whose value is a list also when it is given once. */
    private static final Set<String> LISTS = Set.of("targets", "methods");

    private FormBody() {}

    /** Reads a form as browsers and {@code curl -d} write it. */
    static ObjectNode parse(String form) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String field : form.split("&", -1)) {
            if (field.isEmpty()) {
                continue;
            }
            int equals = field.indexOf('=');
            if (equals < 1) {
                throw malformed("The form has a part without a name or a value: " + shortened(field)
                        + " (expected: name=value, or JSON with Content-Type: application/json).");
            }
            add(object, decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
        }
        return object;
    }

    private static void add(ObjectNode object, String key, String text) {
        int dot = key.indexOf('.');
        String top = dot < 0 ? key : key.substring(0, dot);
        JsonNode value = TEXT.contains(top) ? TextNode.valueOf(text) : valueOf(text);
        if (dot < 0) {
            put(object, key, value);
            return;
        }
        JsonNode nested = object.get(top);
        if (nested != null && !nested.isObject()) {
            throw malformed("The form says both " + top + "=... and " + key + "=... (expected: one of them).");
        }
        put(nested == null ? object.putObject(top) : (ObjectNode) nested, key.substring(dot + 1), value);
    }

    private static void put(ObjectNode object, String key, JsonNode value) {
        @Nullable JsonNode present = object.get(key);
        if (present == null && LISTS.contains(key)) {
            object.putArray(key).add(value);
        } else if (present == null) {
            object.set(key, value);
        } else if (present instanceof ArrayNode list) {
            list.add(value);
        } else if (present.isObject()) {
            throw malformed("The form says both " + key + "=... and " + key + ".(...)=... (expected: one of them).");
        } else {
            object.putArray(key).add(present).add(value);
        }
    }

    private static JsonNode valueOf(String text) {
        if (text.equals("true") || text.equals("false")) {
            return BooleanNode.valueOf(text.equals("true"));
        }
        boolean number = !text.isEmpty()
                && text.length() <= 9
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
        return number ? IntNode.valueOf(Integer.parseInt(text)) : TextNode.valueOf(text);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed("The form has a broken escape: " + shortened(text) + " (expected: % and two hex digits).");
        }
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(ProblemType.MALFORMED_BODY, detail);
    }
}
