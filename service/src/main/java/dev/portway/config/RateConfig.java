package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A number of requests in a span of time, wherever the span begins. Immutable.
 *
 * @param requests 1 to {@value #MAX_REQUESTS}
 * @param per the span
 */
public record RateConfig(int requests, Duration per) {

    private static final int MAX_REQUESTS = 100_000;

    public RateConfig {
        requireNonNull(per, "per");
    }

    static final Keys KEYS = Keys.of("requests", "per");

    static RateConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        Integer requests = in.require(
                "requests", "a number of requests", count -> count.integer(1, MAX_REQUESTS, "a number of requests"));
        Duration per = in.require("per", "a duration such as \"1s\"", WrittenDuration::read);
        return new RateConfig(requests == null ? 1 : requests, per == null ? Duration.ofSeconds(1) : per);
    }
}
