package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a JSON text is spaced, so that what is added to it looks as if its author had typed it. Immutable.
 *
 * @param newline between lines
 * @param unit one step of indentation
 * @param colon between a name and its value
 * @param comma between two elements on one line
 * @param objectPad inside the braces of an object on one line
 * @param arrayPad inside the brackets of an array on one line
 * @param oneLine whether the whole text stands on one line
 */
record JsonStyle(
        String newline, String unit, String colon, String comma, String objectPad, String arrayPad, boolean oneLine) {

    private static final String DEFAULT_UNIT = "  ";

    /** The style of a text: of each habit, what is most often in it. */
    static JsonStyle of(String text, JsonSpan root) {
        boolean oneLine = !root.children().isEmpty() && !brokenUp(text, root.start(), root.end());
        Habits habits = new Habits(text);
        habits.observe(root);
        String colon = habits.colon.most(oneLine ? ":" : ": ");
        String space = colon.substring(colon.indexOf(':') + 1);
        return new JsonStyle(
                firstNewline(text),
                habits.unit.most(DEFAULT_UNIT),
                colon,
                habits.comma.most("," + space),
                habits.objectPad.most(oneLine ? "" : space),
                habits.arrayPad.most(""),
                oneLine);
    }

    /**
     * A value in this style.
     *
     * @param indent of the line it begins on
     * @param flat whether it must stand on one line
     */
    String render(JsonNode value, String indent, boolean flat) {
        StringBuilder out = new StringBuilder();
        render(out, value, indent, flat);
        return out.toString();
    }

    /** A member of an object in this style. */
    String renderMember(String name, JsonNode value, String indent, boolean flat) {
        return quote(name) + colon + render(value, indent, flat);
    }

    static String quote(String name) {
        return scalar(TextNode.valueOf(name));
    }

    /** The white space at the beginning of the line that a position is on, if the text before it has a line break. */
    static @Nullable String indentAt(String text, int position) {
        int line = position;
        while (line > 0 && !lineBreak(text.charAt(line - 1))) {
            line--;
        }
        return line == 0 ? null : text.substring(line, skipBlanks(text, line));
    }

    static boolean brokenUp(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (lineBreak(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private void render(StringBuilder out, JsonNode value, String indent, boolean flat) {
        if (!value.isContainerNode()) {
            out.append(scalar(value));
        } else if (value.isEmpty()) {
            out.append(value.isObject() ? "{}" : "[]");
        } else if (value.isObject()) {
            renderObject(out, value, indent, flat);
        } else {
            renderArray(out, value, indent, flat || allScalars(value));
        }
    }

    private void renderObject(StringBuilder out, JsonNode object, String indent, boolean flat) {
        String inner = indent + unit;
        String between = "";
        out.append('{').append(flat ? objectPad : newline + inner);
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            out.append(between).append(quote(member.getKey())).append(colon);
            render(out, member.getValue(), inner, flat);
            between = flat ? comma : "," + newline + inner;
        }
        out.append(flat ? objectPad : newline + indent).append('}');
    }

    private void renderArray(StringBuilder out, JsonNode array, String indent, boolean flat) {
        String inner = indent + unit;
        String between = "";
        out.append('[').append(flat ? arrayPad : newline + inner);
        for (JsonNode element : array) {
            out.append(between);
            render(out, element, inner, flat);
            between = flat ? comma : "," + newline + inner;
        }
        out.append(flat ? arrayPad : newline + indent).append(']');
    }

    private static boolean allScalars(JsonNode array) {
        for (JsonNode element : array) {
            if (element.isContainerNode()) {
                return false;
            }
        }
        return true;
    }

    /** Half a surrogate pair can be written in JSON, as an escape, but not in UTF-8. */
    private static String scalar(JsonNode value) {
        String json = value.toString();
        StringBuilder out = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean pair = i + 1 < json.length() && Character.isSurrogatePair(c, json.charAt(i + 1));
            if (pair) {
                out.append(c).append(json.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                out.append(String.format("\\u%04X", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String firstNewline(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\r') {
                return i + 1 < text.length() && text.charAt(i + 1) == '\n' ? "\r\n" : "\r";
            }
            if (text.charAt(i) == '\n') {
                return "\n";
            }
        }
        return "\n";
    }

    /** Where a member's name ends: before the colon that stands between it and the value. */
    static int nameEnd(String text, JsonSpan member) {
        int colon = text.lastIndexOf(':', member.start() - 1);
        int end = colon;
        while (text.charAt(end - 1) != '"') {
            end--;
        }
        return end;
    }

    private static int skipBlanks(String text, int from) {
        int i = from;
        while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
            i++;
        }
        return i;
    }

    private static boolean lineBreak(char c) {
        return c == '\n' || c == '\r';
    }

    /** How often each way of spacing is in a text. Confined. */
    private static final class Habits {

        final Count unit = new Count();
        final Count colon = new Count();
        final Count comma = new Count();
        final Count objectPad = new Count();
        final Count arrayPad = new Count();
        private final String text;

        Habits(String text) {
            this.text = text;
        }

        void observe(JsonSpan container) {
            List<JsonSpan> children = container.children();
            if (children.isEmpty()) {
                return;
            }
            int first = children.get(0).from();
            if (brokenUp(text, container.start(), first)) {
                observeUnit(container.start(), first);
            } else {
                Count pad = container.kind() == JsonSpan.Kind.OBJECT ? objectPad : arrayPad;
                pad.add(text.substring(container.start() + 1, first));
            }
            for (int i = 0; i < children.size(); i++) {
                JsonSpan child = children.get(i);
                if (i > 0) {
                    observeBetween(comma, children.get(i - 1).end(), child.from());
                }
                if (child.name() != null) {
                    observeBetween(colon, nameEnd(text, child), child.start());
                }
                observe(child);
            }
        }

        private void observeUnit(int outer, int inner) {
            String outerIndent = indentAt(text, outer);
            String innerIndent = indentAt(text, inner);
            String base = outerIndent == null ? "" : outerIndent;
            if (innerIndent != null && innerIndent.length() > base.length() && innerIndent.startsWith(base)) {
                unit.add(innerIndent.substring(base.length()));
            }
        }

        private void observeBetween(Count count, int from, int to) {
            if (!brokenUp(text, from, to)) {
                count.add(text.substring(from, to));
            }
        }
    }

    /** How often each string was seen. Confined. */
    private static final class Count {

        private final Map<String, Integer> seen = new LinkedHashMap<>();

        void add(String instance) {
            seen.merge(instance, 1, Integer::sum);
        }

        /** The one seen most often, of equals the first. */
        String most(String otherwise) {
            String most = otherwise;
            int times = 0;
            for (Map.Entry<String, Integer> entry : seen.entrySet()) {
                if (entry.getValue() > times) {
                    most = entry.getKey();
                    times = entry.getValue();
                }
            }
            return most;
        }
    }
}
