package dev.portway.config;

import java.time.Duration;

/**
 * An active check by HTTP; a route's {@code health}. Immutable.
 *
 * @param path asked for with GET, with a query if it has one; begins with a slash
 * @param interval between the end of one check and the begin of the next
 * @param timeout of one check
 * @param rise good answers in a row that bring a backend back
 * @param fall bad answers in a row that take it out
 * @param expect the statuses that are good
 */
public record HealthConfig(String path, Duration interval, Duration timeout, int rise, int fall, StatusRange expect) {

    private static final int MAX_COUNT = 1000;

    public static final HealthConfig DEFAULT =
            new HealthConfig("/", Duration.ofSeconds(5), Duration.ofSeconds(1), 1, 3, new StatusRange(200, 399));

    static final Keys KEYS = Keys.of("path", "interval", "timeout", "rise", "fall", "expect");

    static HealthConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new HealthConfig(
                in.get("path", DEFAULT.path(), HealthConfig::readPath),
                in.get("interval", DEFAULT.interval(), WrittenDuration::read),
                in.get("timeout", DEFAULT.timeout(), WrittenDuration::read),
                in.get("rise", DEFAULT.rise(), count -> count.integer(1, MAX_COUNT, "a count")),
                in.get("fall", DEFAULT.fall(), count -> count.integer(1, MAX_COUNT, "a count")),
                in.get("expect", DEFAULT.expect(), StatusRange::read));
    }

    private static String readPath(Cursor at) throws InvalidValueException {
        String expected = "a path such as \"/health\", with a query if need be";
        String path = at.text("a path", expected);
        if (!path.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '#')) {
            throw new InvalidValueException("is not a path", expected);
        }
        return path;
    }
}
