package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text that can be changed at one place while every character elsewhere stays: of an element, its own characters
 * are touched, and the comma, line break and indentation that belong to it. What is added takes up the text's own
 * spacing. Immutable; each change gives the next text.
 */
final class JsonText {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Comparator<JsonNode> SAME_VALUE = JsonText::compare;

    private final String text;
    private final JsonSpan root;
    private final JsonStyle style;
    private final String indent; // of the line that the text begins on
    private final boolean flat; // whether what stands around the root is on one line

    private JsonText(String text, JsonSpan root, JsonStyle style, String indent, boolean flat) {
        this.text = text;
        this.root = root;
        this.style = style;
        this.indent = indent;
        this.flat = flat;
    }

    /**
     * Takes a text apart.
     *
     * @throws IOException if it is not JSON, or an object has two members of one name
     */
    static JsonText parse(String text) throws IOException {
        JsonSpan root = JsonSpan.parse(text);
        JsonStyle style = JsonStyle.of(text, root);
        return new JsonText(text, root, style, "", style.oneLine());
    }

    /** Whether it is one JSON value and nothing else. */
    static boolean parses(String text) {
        try {
            JsonSpan.parse(text);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String text() {
        return text;
    }

    /** Whether an element stands there. */
    boolean has(JsonPointer pointer) {
        return root.at(pointer) != null;
    }

    /** How many elements the array or object there has. */
    int size(JsonPointer pointer) {
        return span(pointer).children().size();
    }

    boolean isArray(JsonPointer pointer) {
        return span(pointer).kind() == JsonSpan.Kind.ARRAY;
    }

    /** What stands there. */
    JsonNode value(JsonPointer pointer) {
        return value(span(pointer));
    }

    /** Puts a value in the place of another, whole. */
    JsonText replace(JsonPointer pointer, JsonNode value) {
        JsonSpan span = span(pointer);
        String rendered = style.render(value, indentAt(span.start()), flatInPlaceOf(pointer, span));
        return with(span.start(), span.end(), rendered);
    }

    /** Makes the value there this one by the smallest changes: of objects, only the members that differ are touched. */
    JsonText set(JsonPointer pointer, JsonNode value) {
        JsonSpan span = span(pointer);
        String part = text.substring(span.start(), span.end());
        JsonText changed = reparsed(part, style, indentAt(span.start()), flatInPlaceOf(pointer, span))
                .become(JsonPointer.empty(), value(span), value);
        return changed.text.equals(part) ? this : with(span.start(), span.end(), changed.text);
    }

    /** Gives an object's member another name. */
    JsonText rename(JsonPointer member, String name) {
        JsonSpan span = span(member);
        requireNonNull(span.name(), "the name of " + member);
        return with(span.from(), JsonStyle.nameEnd(text, span), JsonStyle.quote(name));
    }

    /** Takes an element away. */
    JsonText remove(JsonPointer pointer) {
        JsonSpan parent = span(pointer.head());
        JsonSpan span = span(pointer);
        List<JsonSpan> siblings = parent.children();
        int index = siblings.indexOf(span);
        if (siblings.size() == 1) {
            return with(parent.start() + 1, parent.end() - 1, "");
        }
        return index == siblings.size() - 1
                ? with(siblings.get(index - 1).end(), span.end(), "")
                : with(span.from(), siblings.get(index + 1).from(), "");
    }

    /** Adds elements behind the last one of an array. */
    JsonText append(JsonPointer array, List<? extends JsonNode> values) {
        List<Addition> additions =
                values.stream().map(value -> new Addition(null, value)).toList();
        return add(array, additions);
    }

    /** Adds members behind the last one of an object. */
    JsonText insert(JsonPointer object, Map<String, ? extends JsonNode> members) {
        List<Addition> additions = members.entrySet().stream()
                .map(member -> new Addition(member.getKey(), member.getValue()))
                .toList();
        return add(object, additions);
    }

    private JsonText add(JsonPointer pointer, List<Addition> additions) {
        if (additions.isEmpty()) {
            return this;
        }
        JsonSpan container = span(pointer);
        return container.children().isEmpty()
                ? addFirst(pointer, container, additions)
                : addBehindLast(container, additions);
    }

    private JsonText addFirst(JsonPointer pointer, JsonSpan container, List<Addition> additions) {
        boolean onOneLine = pointer.matches() ? flat : unbroken(span(pointer.head()));
        String outer = indentAt(container.start());
        String inner = outer + style.unit();
        String pad = container.kind() == JsonSpan.Kind.OBJECT ? style.objectPad() : style.arrayPad();
        String before = onOneLine ? pad : style.newline() + inner;
        String after = onOneLine ? pad : style.newline() + outer;
        String between = onOneLine ? style.comma() : "," + style.newline() + inner;
        String rendered = render(additions, between, inner, onOneLine);
        return with(container.start() + 1, container.end() - 1, before + rendered + after);
    }

    private JsonText addBehindLast(JsonSpan container, List<Addition> additions) {
        List<JsonSpan> children = container.children();
        JsonSpan last = children.get(children.size() - 1);
        int gapStart = children.size() == 1
                ? container.start() + 1
                : text.indexOf(',', children.get(children.size() - 2).end()) + 1;
        boolean ownLine = JsonStyle.brokenUp(text, gapStart, last.from());
        String inner = indentAt(ownLine ? last.from() : last.end());
        String between = ownLine
                ? "," + style.newline() + inner
                : children.size() == 1 ? style.comma() : "," + text.substring(gapStart, last.from());
        boolean flatValue = flatBeside(container, -1);
        String rendered = render(additions, between, inner, flatValue);
        return with(last.end(), last.end(), between + rendered);
    }

    private String render(List<Addition> additions, String between, String at, boolean flatValues) {
        StringBuilder out = new StringBuilder();
        for (Addition addition : additions) {
            out.append(out.isEmpty() ? "" : between)
                    .append(
                            addition.name == null
                                    ? style.render(addition.value, at, flatValues)
                                    : style.renderMember(addition.name, addition.value, at, flatValues));
        }
        return out.toString();
    }

    private JsonText become(JsonPointer at, JsonNode old, JsonNode value) {
        if (old.equals(SAME_VALUE, value)) {
            return this;
        }
        if (old.isObject() && value.isObject() && !old.isEmpty() && !value.isEmpty()) {
            return becomeObject(at, old, value);
        }
        if (old.isArray() && value.isArray() && old.size() == value.size()) {
            JsonText next = this;
            for (int i = 0; i < old.size(); i++) {
                next = next.become(at.appendIndex(i), old.get(i), value.get(i));
            }
            return next;
        }
        return replace(at, value);
    }

    /** Adds before it removes, so that the object is never empty and keeps its shape. */
    private JsonText becomeObject(JsonPointer at, JsonNode old, JsonNode value) {
        JsonText next = this;
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode before = old.get(member.getKey());
            next = before == null
                    ? next.insert(at, Map.of(member.getKey(), member.getValue()))
                    : next.become(at.appendProperty(member.getKey()), before, member.getValue());
        }
        for (Map.Entry<String, JsonNode> member : old.properties()) {
            if (!value.has(member.getKey())) {
                next = next.remove(at.appendProperty(member.getKey()));
            }
        }
        return next;
    }

    /** A container keeps its own shape; anything else takes that of its neighbours. */
    private boolean flatInPlaceOf(JsonPointer pointer, JsonSpan span) {
        if (span.container() && !span.children().isEmpty()) {
            return unbroken(span);
        }
        return pointer.matches() ? flat : flatBeside(span(pointer.head()), span.start());
    }

    /** Whether what is written into a container stands on one line: as the last of its neighbours does. */
    private boolean flatBeside(JsonSpan container, int replaced) {
        List<JsonSpan> children = container.children();
        for (int i = children.size() - 1; i >= 0; i--) {
            JsonSpan child = children.get(i);
            if (child.start() != replaced && !child.children().isEmpty()) {
                return unbroken(child);
            }
        }
        return unbroken(container);
    }

    private boolean unbroken(JsonSpan span) {
        return !JsonStyle.brokenUp(text, span.start(), span.end());
    }

    private String indentAt(int position) {
        String own = JsonStyle.indentAt(text, position);
        return own == null ? indent : own;
    }

    private JsonSpan span(JsonPointer pointer) {
        JsonSpan span = root.at(pointer);
        if (span == null) {
            throw new IllegalArgumentException("pointer: " + pointer + " (expected: one that leads to an element)");
        }
        return span;
    }

    private JsonNode value(JsonSpan span) {
        try {
            return MAPPER.readTree(text.substring(span.start(), span.end()));
        } catch (IOException e) {
            throw new UncheckedIOException("a part of a JSON text is not JSON", e);
        }
    }

    private JsonText with(int from, int to, String replacement) {
        String next = text.substring(0, from) + replacement + text.substring(to);
        return reparsed(next, style, indent, flat);
    }

    private static JsonText reparsed(String text, JsonStyle style, String indent, boolean flat) {
        try {
            return new JsonText(text, JsonSpan.parse(text), style, indent, flat);
        } catch (IOException e) {
            throw new UncheckedIOException("an edit broke the JSON text", e);
        }
    }

    /** {@code 1} and {@code 1.0} are the same number. */
    private static int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }

    private record Addition(@Nullable String name, JsonNode value) {}
}
