package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * How requests that fail take a target out for a while; a route's {@code ejection}. Immutable.
 *
 * @param failures in a row that do, 1..1000
 * @param failureRate percent of the requests of a window that do, 1..100
 * @param minRequests of a window before its rate counts
 * @param window that rates are of
 * @param statuses of responses that are failures; a request that gets no response always is one
 * @param time out the first time; twice as long the second, and so on
 * @param maxTime the longest
 * @param maxEjected percent of the route's targets that are left out at once, 1..100
 */
public record EjectionConfig(
        int failures,
        int failureRate,
        int minRequests,
        Duration window,
        StatusRange statuses,
        Duration time,
        Duration maxTime,
        int maxEjected) {

    public static final EjectionConfig DEFAULT = new EjectionConfig(
            5,
            50,
            20,
            Duration.ofSeconds(10),
            new StatusRange(500, 599),
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            50);

    public EjectionConfig {
        requireNonNull(window, "window");
        requireNonNull(statuses, "statuses");
        requireNonNull(time, "time");
        requireNonNull(maxTime, "maxTime");
    }

    static final Keys KEYS =
            Keys.of("failures", "failureRate", "minRequests", "window", "statuses", "time", "maxTime", "maxEjected");

    private static final int MAX_COUNT = 1000;
    private static final int MAX_REQUESTS = 1_000_000;

    /** An object, or {@code true} for the defaults; empty for {@code false}. */
    static Optional<EjectionConfig> read(Cursor at) throws InvalidValueException {
        if (!at.node().isObject()) {
            return readSwitch(at) ? Optional.of(DEFAULT) : Optional.empty();
        }
        Members in = at.members(KEYS);
        Duration time = in.get("time", DEFAULT.time, WrittenDuration::read);
        Duration maxTime = in.get("maxTime", longer(time, DEFAULT.maxTime), WrittenDuration::read);
        if (maxTime.compareTo(time) < 0) {
            at.member("maxTime")
                    .error(at.member("maxTime").shown() + " is shorter than \"time\" (expected: at least as long)");
        }
        return Optional.of(new EjectionConfig(
                in.get("failures", DEFAULT.failures, count -> count.integer(1, MAX_COUNT, "a count")),
                in.get("failureRate", DEFAULT.failureRate, EjectionConfig::readPercent),
                in.get(
                        "minRequests",
                        DEFAULT.minRequests,
                        count -> count.integer(1, MAX_REQUESTS, "a number of requests")),
                in.get("window", DEFAULT.window, WrittenDuration::read),
                in.get("statuses", DEFAULT.statuses, StatusRange::read),
                time,
                maxTime,
                in.get("maxEjected", DEFAULT.maxEjected, EjectionConfig::readPercent)));
    }

    private static boolean readSwitch(Cursor at) throws InvalidValueException {
        try {
            return at.bool();
        } catch (InvalidValueException e) {
            throw new InvalidValueException(
                    "is not a rule for ejections", "true, false, or { ... } with " + String.join(", ", KEYS.names()));
        }
    }

    private static int readPercent(Cursor at) throws InvalidValueException {
        return at.integer(1, 100, "a number of percent");
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
