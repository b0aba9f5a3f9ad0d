package dev.portway.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one element of a JSON text stands, in characters. Immutable.
 *
 * @param name of an object's member; null for an array's element and for the root
 * @param from where the member's name begins, or the value where there is none
 * @param start where the value begins
 * @param end behind the value
 * @param kind of the value
 * @param children in the text's order; empty for a scalar
 */
record JsonSpan(@Nullable String name, int from, int start, int end, Kind kind, List<JsonSpan> children) {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** Sorts of value. */
    enum Kind {
        OBJECT,
        ARRAY,
        SCALAR
    }

    /**
     * The root of a text, which may begin with a byte order mark.
     *
     * @throws IOException if it is not one JSON value and nothing else, or an object has two members of one name
     */
    static JsonSpan parse(String text) throws IOException {
        int skipped = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        char[] chars = text.substring(skipped).toCharArray(); // one buffer, so that offsets are exact
        try (JsonParser parser = FACTORY.createParser(chars)) {
            if (parser.nextToken() == null) {
                throw new IOException("nothing but white space (expected: a JSON value)");
            }
            JsonSpan root = read(parser, skipped, null, skipped + tokenStart(parser));
            if (parser.nextToken() != null) {
                throw new IOException("more than one value (expected: one)");
            }
            return root;
        }
    }

    boolean container() {
        return kind != Kind.SCALAR;
    }

    /** The descendant a pointer leads to; null if there is none. */
    @Nullable
    JsonSpan at(JsonPointer pointer) {
        JsonSpan span = this;
        for (JsonPointer rest = pointer; span != null && !rest.matches(); rest = rest.tail()) {
            span = span.child(rest);
        }
        return span;
    }

    private @Nullable JsonSpan child(JsonPointer pointer) {
        if (kind == Kind.ARRAY) {
            int index = pointer.getMatchingIndex();
            return index >= 0 && index < children.size() ? children.get(index) : null;
        }
        String wanted = pointer.getMatchingProperty();
        for (JsonSpan child : children) {
            if (wanted.equals(child.name)) {
                return child;
            }
        }
        return null;
    }

    /** Reads the value whose first token the parser stands on. */
    private static JsonSpan read(JsonParser parser, int skipped, @Nullable String name, int from) throws IOException {
        int start = skipped + tokenStart(parser);
        Kind kind = kindOf(parser.currentToken());
        List<JsonSpan> children = new ArrayList<>();
        if (kind == Kind.OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                int childFrom = skipped + tokenStart(parser);
                String childName = parser.currentName();
                parser.nextToken();
                children.add(read(parser, skipped, childName, childFrom));
            }
        } else if (kind == Kind.ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                children.add(read(parser, skipped, null, skipped + tokenStart(parser)));
            }
        }
        return new JsonSpan(name, from, start, end(parser, start, skipped), kind, List.copyOf(children));
    }

    private static int end(JsonParser parser, int start, int skipped) throws IOException {
        if (parser.currentToken().isNumeric()) {
            return start + parser.getTextLength(); // behind a number at the root the parser reads one blank more
        }
        parser.finishToken(); // of a string, the parser reads no more than the first quote until somebody asks
        return skipped + (int) parser.currentLocation().getCharOffset();
    }

    private static int tokenStart(JsonParser parser) {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    private static Kind kindOf(JsonToken token) {
        return token == JsonToken.START_OBJECT
                ? Kind.OBJECT
                : token == JsonToken.START_ARRAY ? Kind.ARRAY : Kind.SCALAR;
    }
}
