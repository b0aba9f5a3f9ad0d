package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * How many requests wait for a place where every target is full, and how long; a route's {@code queue}. Immutable.
 *
 * @param requests that wait at once, 1 to {@value #MAX_REQUESTS}
 * @param patience of each: {@code wait}
 */
public record QueueConfig(int requests, Duration patience) {

    public static final QueueConfig DEFAULT = new QueueConfig(100, Duration.ofSeconds(5));

    public QueueConfig {
        requireNonNull(patience, "patience");
    }

    static final Keys KEYS = Keys.of("requests", "wait");

    private static final int MAX_REQUESTS = 100_000;

    /** An object, or {@code true} for the defaults; empty for {@code false}. */
    static Optional<QueueConfig> read(Cursor at) throws InvalidValueException {
        if (!at.node().isObject()) {
            return readSwitch(at) ? Optional.of(DEFAULT) : Optional.empty();
        }
        Members in = at.members(KEYS);
        return Optional.of(new QueueConfig(
                in.get("requests", DEFAULT.requests, count -> count.integer(1, MAX_REQUESTS, "a number of requests")),
                in.get("wait", DEFAULT.patience, WrittenDuration::read)));
    }

    private static boolean readSwitch(Cursor at) throws InvalidValueException {
        try {
            return at.bool();
        } catch (InvalidValueException e) {
            throw new InvalidValueException(
                    "does not say who waits", "true, false, or { ... } with " + String.join(", ", KEYS.names()));
        }
    }
}
