package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree as TOML 1.0 as a person would: sections of the file as tables, routes as an array of tables, all below
 * inline, so that keys keep their order. Confined.
 */
final class TomlText {

    private final ProblemList problems;
    private final StringBuilder out = new StringBuilder();

    /** @param problems takes the nulls, which TOML cannot say */
    TomlText(ProblemList problems) {
        this.problems = problems;
    }

    String write(ObjectNode root) {
        for (Map.Entry<String, JsonNode> member : root.properties()) {
            if (!isTable(member.getValue()) && !isTables(member.getValue())) {
                writeMember("", member);
            }
        }
        for (Map.Entry<String, JsonNode> member : root.properties()) {
            String name = key(member.getKey());
            String pointer = Reading.pointer("", member.getKey());
            if (isTable(member.getValue())) {
                writeTable("[" + name + "]", pointer, member.getValue());
            } else if (isTables(member.getValue())) {
                for (int i = 0; i < member.getValue().size(); i++) {
                    writeTable(
                            "[[" + name + "]]",
                            pointer + "/" + i,
                            member.getValue().get(i));
                }
            }
        }
        return out.toString();
    }

    private void writeTable(String header, String pointer, JsonNode table) {
        out.append(out.isEmpty() ? "" : "\n").append(header).append('\n');
        table.properties().forEach(member -> writeMember(pointer, member));
    }

    private void writeMember(String parent, Map.Entry<String, JsonNode> member) {
        String pointer = Reading.pointer(parent, member.getKey());
        out.append(key(member.getKey()))
                .append(" = ")
                .append(value(pointer, member.getValue()))
                .append('\n');
    }

    private static boolean isTable(JsonNode value) {
        return value.isObject();
    }

    /** An empty list is no array of tables, since nothing would be written for it. */
    private static boolean isTables(JsonNode value) {
        if (!value.isArray() || value.isEmpty()) {
            return false;
        }
        for (JsonNode item : value) {
            if (!item.isObject()) {
                return false;
            }
        }
        return true;
    }

    private String value(String pointer, JsonNode value) {
        if (value.isObject()) {
            List<String> members = new ArrayList<>();
            value.properties()
                    .forEach(member -> members.add(key(member.getKey()) + " = "
                            + value(Reading.pointer(pointer, member.getKey()), member.getValue())));
            return members.isEmpty() ? "{}" : "{ " + String.join(", ", members) + " }";
        }
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            for (int i = 0; i < value.size(); i++) {
                items.add(value(pointer + "/" + i, value.get(i)));
            }
            return "[" + String.join(", ", items) + "]";
        }
        if (value.isNull()) {
            problems.add(
                    Problem.Severity.ERROR,
                    pointer,
                    "null",
                    "null cannot be written in TOML (expected: any other value)");
            return "";
        }
        return value.isTextual() ? string(value.textValue()) : number(value);
    }

    private static String number(JsonNode value) {
        String text = value.asText();
        return value.isNumber() && !value.isIntegralNumber() && Ascii.isDigits(text.replace("-", ""))
                ? text + ".0" // 1E+2 and 1.0 stay what they were: no whole numbers
                : text;
    }

    private static String key(String name) {
        boolean bare = !name.isEmpty() && name.chars().allMatch(c -> Ascii.isAlphanumeric(c) || c == '_' || c == '-');
        return bare ? name : string(name);
    }

    private static String string(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7F) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
