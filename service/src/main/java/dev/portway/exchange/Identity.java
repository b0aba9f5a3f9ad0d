package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, as far as a rule has found it proven. Immutable.
 *
 * @param name of the user or program; empty where what proved it names nobody
 * @param method how it was proven: {@code basic}, {@code apiKey}, ...
 * @param claims what else was proven, by name; empty for most methods
 */
public record Identity(String name, String method, Map<String, Object> claims) {

    public Identity {
        requireNonNull(name, "name");
        requireNonNull(method, "method");
        claims = Collections.unmodifiableMap(new HashMap<>(claims));
    }

    /** Somebody of whom nothing else is known. */
    public Identity(String name, String method) {
        this(name, method, Map.of());
    }

    /** A claim as text, a list of them with commas between; null where there is none, or one that is no text. */
    public @Nullable String claim(String claim) {
        Object value = claims.get(claim);
        if (!(value instanceof List<?> list)) {
            return text(value);
        }
        StringBuilder joined = new StringBuilder();
        for (Object item : list) {
            String text = text(item);
            if (text == null || text.indexOf(',') >= 0) {
                return null;
            }
            joined.append(joined.length() == 0 ? "" : ",").append(text);
        }
        return joined.toString();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean
                ? String.valueOf(value)
                : null;
    }
}
