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

    public static final HealthConfig DEFAULT =
            new HealthConfig("/", Duration.ofSeconds(5), Duration.ofSeconds(1), 1, 3, new StatusRange(200, 399));

    /** An inclusive range of statuses, written {@code "200-399"} or {@code 204}. */
    public record StatusRange(int from, int to) {

        public boolean contains(int status) {
            return from <= status && status <= to;
        }

        @Override
        public String toString() {
            return from == to ? String.valueOf(from) : from + "-" + to;
        }
    }
}
