package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members of an object of the file. Confined. */
final class Members {

    private final Cursor at;
    private final Keys keys;

    Members(Cursor at, Keys keys) {
        this.at = at;
        this.keys = keys;
        JsonNode node = at.node();
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!keys.contains(name)) {
                at.keyError(name, unknown(name));
            }
        }
    }

    Cursor at() {
        return at;
    }

    boolean has(String name) {
        return at.node().has(name);
    }

    /** What the reader makes of a member; null if it is not there, or cannot be read, which is reported. */
    <T> @Nullable T get(String name, ValueReader<T> reader) {
        assert keys.contains(name) : name;
        return has(name) ? at.member(name).read(reader) : null;
    }

    /** The same with a default. */
    <T> T get(String name, T absent, ValueReader<T> reader) {
        T value = get(name, reader);
        return value == null ? absent : value;
    }

    /** A member that must be there. */
    <T> @Nullable T require(String name, String expected, ValueReader<T> reader) {
        if (!has(name)) {
            at.member(name).error("missing (expected: " + expected + ")");
        }
        return get(name, reader);
    }

    private String unknown(String name) {
        if (keys.unsupported(name)) {
            return "\"" + name + "\" " + Unsupported.MESSAGE;
        }
        String unknown = "unknown key \"" + name + "\" ";
        String near = Suggestion.nearest(name, keys.names());
        if (near != null) {
            return unknown + "(did you mean \"" + near + "\"?)";
        }
        String elsewhere = elsewhere(name);
        if (elsewhere != null) {
            return unknown + "(it belongs at " + elsewhere + ")";
        }
        return unknown + "(expected: " + String.join(", ", List.copyOf(keys.names())) + ")";
    }

    /** Where else in the file a key of this name has a place, nearest first. */
    private @Nullable String elsewhere(String name) {
        for (Cursor place = at; place != null; place = place.parent()) {
            Keys known = place.keys();
            String way = known == null ? null : known.wayTo(name);
            if (way != null) {
                return place.pointer() + "/" + way;
            }
        }
        return null;
    }
}
