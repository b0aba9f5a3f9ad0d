package dev.portway.health;

import java.time.Duration;

/**
 * How often backends without a check of their own are looked at. Immutable.
 *
 * @param loopback between looks at a loopback backend; longer where there are more than a thousand of them
 * @param whileDown between looks at any backend that is down
 * @param connect limit of one connection
 * @param firstRound limit of the first look at all backends together
 */
record Pace(Duration loopback, Duration whileDown, Duration connect, Duration firstRound) {

    static final Pace DEFAULT =
            new Pace(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2));

    private static final Duration LEAST_SHARE = Duration.ofMillis(5);

    /** The pause that keeps all looks together to 200 a second. */
    Duration loopback(int backends) {
        Duration fair = LEAST_SHARE.multipliedBy(backends);
        return fair.compareTo(loopback) > 0 ? fair : loopback;
    }
}
