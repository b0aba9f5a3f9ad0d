package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a backend's health, and since when. Immutable.
 *
 * @param health the verdict
 * @param since when the verdict last changed
 * @param reason of the last change, for people; null before the first verdict
 */
public record Condition(
        Health health, Instant since, @Nullable String reason) {

    public Condition {
        requireNonNull(health, "health");
        requireNonNull(since, "since");
    }

    /** Whether a backend is well. */
    public enum Health {
        /** Nobody has looked yet; treated as well. */
        UNKNOWN,
        UP,
        DOWN
    }
}
