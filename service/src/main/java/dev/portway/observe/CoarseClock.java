package dev.portway.observe;

import com.codahale.metrics.Clock;

/**
 * A clock that is read many times for one exchange and asks the system once: it stands still between refreshes. Off by
 * a millisecond at most right after one, which means nothing to rates and windows of minutes. Thread-safe.
 */
final class CoarseClock extends Clock {

    private static final long GRAIN_NANOS = 1_000_000;

    private volatile long tick = System.nanoTime(); // written by refresh(), from any thread; the last one wins

    void refresh() {
        long now = System.nanoTime();
        if (now - tick >= GRAIN_NANOS) {
            tick = now;
        }
    }

    @Override
    public long getTick() {
        return tick;
    }
}
