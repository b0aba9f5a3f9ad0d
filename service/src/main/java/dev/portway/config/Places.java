package dev.portway.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds where values stand in a text that parses. A reading that finds nothing to complain about never pays for it: it is
 * a second pass, and made only for the pointers that are talked about.
 */
final class Places {

    private final JsonParser parser;
    private final Set<String> wanted = new HashSet<>();
    private final Map<String, Place> found = new HashMap<>();

    private Places(JsonParser parser) {
        this.parser = parser;
    }

    /** The place of each pointer; where nothing stands there, that of what is around it. */
    static Map<String, Place> find(String text, ConfigFormat format, Set<String> pointers) {
        if (format == ConfigFormat.TOML) {
            return Map.of(); // its parser knows no places
        }
        try (JsonParser parser = SourceTree.parser(text, format)) {
            Places places = new Places(parser);
            pointers.forEach(places::want);
            if (parser.nextToken() != null) {
                places.visit("", parser.currentTokenLocation());
            }
            Map<String, Place> answer = new HashMap<>();
            pointers.forEach(pointer -> places.answer(pointer, answer));
            return answer;
        } catch (IOException e) {
            return Map.of(); // the text does not parse, which was said with its own place
        }
    }

    private void want(String pointer) {
        for (String at = pointer; wanted.add(at) && !at.isEmpty(); ) {
            at = above(at);
        }
    }

    private void answer(String pointer, Map<String, Place> answer) {
        for (String at = pointer; ; at = above(at)) {
            Place place = found.get(at);
            if (place != null) {
                answer.put(pointer, place);
                return;
            }
            if (at.isEmpty()) {
                return;
            }
        }
    }

    private static String above(String pointer) {
        return pointer.substring(0, pointer.lastIndexOf('/'));
    }

    private void visit(String pointer, JsonLocation key) throws IOException {
        if (!wanted.contains(pointer)) {
            parser.skipChildren();
            return;
        }
        JsonLocation value = parser.currentTokenLocation();
        found.put(pointer, new Place(key.getLineNr(), key.getColumnNr(), value.getLineNr(), value.getColumnNr()));
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonLocation at = parser.currentTokenLocation();
                parser.nextToken();
                visit(Reading.pointer(pointer, name), at);
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                visit(pointer + "/" + i, parser.currentTokenLocation());
            }
        }
    }
}
