package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What last became of a backend, for people. Immutable.
 *
 * @param to what it is since, in a word or two
 * @param by what brought it about
 * @param reason null for none
 */
public record Change(String to, By by, Instant at, @Nullable String reason) {

    public Change {
        requireNonNull(to, "to");
        requireNonNull(by, "by");
        requireNonNull(at, "at");
    }

    /** A state in the word that people write for it. */
    static String written(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** What may change a backend. */
    public enum By {
        /** A person, by the admin API. */
        API,
        CONFIGURATION,
        /** Requests that fail, or go well again. */
        EJECTION,
        /** Its checks, and connections that are refused. */
        HEALTH
    }
}
