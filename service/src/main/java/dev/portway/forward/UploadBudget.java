package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a client may keep its upload waiting: so long without a byte, and in all no longer than that and a second more
 * for so many bytes that have come. One who sends a byte just in time, again and again, cannot hold a connection to a
 * backend for ever; a slow line can go on. Only the time in which nothing but the client was waited for counts. Confined.
 */
final class UploadBudget {

    private static final Duration SPENT = Duration.ofNanos(1);

    private final Duration limit;
    private final int bytesPerSecond;
    private long bytes;
    private long waitedNanos;
    private long since;
    private boolean waiting;

    /**
     * A budget of which nothing is spent.
     *
     * @param limit without a byte; zero for none, in which case nothing is limited
     * @param bytesPerSecond 0 for none
     */
    UploadBudget(Duration limit, int bytesPerSecond) {
        this.limit = requireNonNull(limit, "limit");
        this.bytesPerSecond = bytesPerSecond;
    }

    /**
     * Nothing has come, and more is wanted.
     *
     * @return how long from {@code now} on that may last; zero for ever
     */
    Duration waiting(long now) {
        if (!waiting) {
            waiting = true;
            since = now;
        }
        if (limit.isZero() || bytesPerSecond == 0) {
            return limit;
        }
        Duration all = limit.plusMillis(bytes * 1000 / bytesPerSecond);
        Duration left = all.minusNanos(waitedNanos + now - since);
        if (left.isNegative() || left.isZero()) {
            return SPENT;
        }
        return left.compareTo(limit) < 0 ? left : limit;
    }

    /** Some of it has come. */
    void arrived(long now, int count) {
        if (waiting) {
            waiting = false;
            waitedNanos += now - since;
        }
        bytes += count;
    }
}
