package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** One limit of a {@code rateLimit}. Immutable. */
public sealed interface LimitConfig {

    Keys KEYS = Keys.of("requests", "per", "burst", "concurrent", "key");

    /** Which requests it counts together. */
    LimitKey key();

    /** As the file could have it, every default written out. */
    ObjectNode json();

    /**
     * So many requests in a span of time on average, and so many at once: in {@code t} at most {@code burst + requests * t / per}.
     *
     * @param requests 1 to {@value #MAX_REQUESTS}
     * @param per 1s to 24h
     * @param burst that pass at once after a time of rest
     */
    record Rate(int requests, Duration per, int burst, LimitKey key) implements LimitConfig {

        private static final int MAX_REQUESTS = 1_000_000;

        public Rate {
            requireNonNull(per, "per");
            requireNonNull(key, "key");
        }

        @Override
        public ObjectNode json() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("requests", requests)
                    .put("per", WrittenDuration.written(per))
                    .put("burst", burst)
                    .put("key", key.written());
        }
    }

    /**
     * So many requests at the same time, a WebSocket until it is closed.
     *
     * @param concurrent 1 to {@value #MAX_CONCURRENT}
     */
    record Concurrency(int concurrent, LimitKey key) implements LimitConfig {

        private static final int MAX_CONCURRENT = 1_000_000;

        public Concurrency {
            requireNonNull(key, "key");
        }

        @Override
        public ObjectNode json() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("concurrent", concurrent)
                    .put("key", key.written());
        }
    }

    /** One limit. */
    static LimitConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        LimitKey key = in.get("key", LimitKey.CLIENT, LimitKey::read);
        return in.has("concurrent")
                ? readConcurrency(in, key)
                : readRate(in, key, "requests", "a number of requests, or \"concurrent\" for as many at a time");
    }

    private static LimitConfig readConcurrency(Members in, LimitKey key) {
        for (String other : new String[] {"requests", "per", "burst"}) {
            if (in.has(other)) {
                in.at()
                        .keyError(
                                other,
                                "\"" + other
                                        + "\" is not for a limit with \"concurrent\" (expected: a limit of its own)");
            }
        }
        int max = Concurrency.MAX_CONCURRENT;
        return new Concurrency(in.get("concurrent", 1, count -> count.integer(1, max, "a number of requests")), key);
    }

    /**
     * So many of something in a span of time.
     *
     * @param what is counted, and the member that says how many pass
     * @param expected where that member is missing
     */
    static Rate readRate(Members in, LimitKey key, String what, String expected) {
        int max = Rate.MAX_REQUESTS;
        String noun = "a number of " + what;
        Integer number = in.require(what, expected, count -> count.integer(1, max, noun));
        Duration per = in.require("per", "a duration such as \"1s\"", LimitConfig::readPer);
        int rate = number == null ? 1 : number;
        // No burst is ever that many times the rate; more would take longer than a clock can count to be had again.
        int maxBurst = (int) Math.min(max, 1_000L * rate);
        int burst = in.get("burst", rate, count -> count.integer(1, maxBurst, noun));
        return new Rate(rate, per == null ? Duration.ofSeconds(1) : per, burst, key);
    }

    private static Duration readPer(Cursor at) throws InvalidValueException {
        Duration per = WrittenDuration.read(at);
        if (per.compareTo(Duration.ofSeconds(1)) < 0 || per.compareTo(Duration.ofDays(1)) > 0) {
            throw new InvalidValueException("is out of range", "1s..24h");
        }
        return per;
    }
}
