package dev.portway.config;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Random;

/** Makes trees, and writes them with spacing and escapes of every sort. */
final class RandomJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String[] TEXTS = {
        "a",
        "host",
        "é",
        "\uD83D\uDE00",
        "q\"uote",
        "back\\slash",
        "sl/ash",
        "til~de",
        "tab\t",
        "line\n",
        "{[,:]}",
        "\u0001",
        "api.local",
        "\uFEFF",
        "\u2028"
    };
    private static final String[] NUMBERS_WRITTEN = {"0", "-1", "3.25", "1e3", "12345678901234567890", "-0.5E-2"};

    private final Random dice;
    private final String[] spaces;

    RandomJson(Random dice) {
        this.dice = dice;
        this.spaces = switch (dice.nextInt(5)) {
            case 0 -> new String[] {""};
            case 1 -> new String[] {"", " "};
            case 2 -> new String[] {"\n  ", "\n    ", ""};
            case 3 -> new String[] {"\r\n\t", " ", "\r\n"};
            default -> new String[] {"", " ", "\n", "\t", "\n \n  ", "\r\n  "};
        };
    }

    JsonNode container(int depth) {
        return dice.nextBoolean() ? object(depth) : array(depth);
    }

    JsonNode value(int depth) {
        return switch (dice.nextInt(depth > 3 ? 4 : 6)) {
            case 0 -> NODES.textNode(text());
            case 1 -> number();
            case 2 -> NODES.booleanNode(dice.nextBoolean());
            case 3 -> NODES.nullNode();
            case 4 -> object(depth);
            default -> array(depth);
        };
    }

    String freshName(ObjectNode object) {
        String name = text();
        while (object.has(name)) {
            name += dice.nextInt(10);
        }
        return name;
    }

    String write(JsonNode tree) {
        StringBuilder out = new StringBuilder(dice.nextInt(4) == 0 ? "\uFEFF" : "");
        out.append(space());
        write(out, tree);
        return out.append(space()).toString();
    }

    private JsonNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        int size = dice.nextInt(5);
        for (int i = 0; i < size; i++) {
            object.set(freshName(object), value(depth + 1));
        }
        return object;
    }

    private JsonNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        int size = dice.nextInt(5);
        for (int i = 0; i < size; i++) {
            array.add(value(depth + 1));
        }
        return array;
    }

    private JsonNode number() {
        try {
            return MAPPER.readTree(NUMBERS_WRITTEN[dice.nextInt(NUMBERS_WRITTEN.length)]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        for (int i = dice.nextInt(3); i >= 0; i--) {
            out.append(TEXTS[dice.nextInt(TEXTS.length)]);
        }
        return out.toString();
    }

    private String space() {
        return spaces[dice.nextInt(spaces.length)];
    }

    private void write(StringBuilder out, JsonNode node) {
        if (node.isTextual()) {
            string(out, node.textValue());
        } else if (!node.isContainerNode()) {
            out.append(node);
        } else {
            out.append(node.isObject() ? '{' : '[').append(space());
            String between = "";
            for (JsonNode element : node.isArray() ? node : NODES.arrayNode()) {
                out.append(between);
                write(out, element);
                between = space() + "," + space();
            }
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                out.append(between);
                string(out, member.getKey());
                out.append(space()).append(':').append(space());
                write(out, member.getValue());
                between = space() + "," + space();
            }
            out.append(space()).append(node.isObject() ? '}' : ']');
        }
    }

    private void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || dice.nextInt(6) == 0) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
