package dev.portway.upstream;

import dev.portway.config.RateConfig;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Lets so many requests pass in any span of a length, wherever the span begins: it remembers when as many passed, and the
 * next may pass when the first of them is out of the span. Thread-safe, without a lock.
 */
final class RequestWindow {

    private static final int LAP_BITS = 8;
    private static final long LAP_MASK = (1 << LAP_BITS) - 1;

    private final LongSupplier nanoTime;
    private final long began;
    private final long perMicros;

    /** The place of the one that passes next, counted on and on; it lags behind a moment after one has passed. */
    private final AtomicLong next = new AtomicLong();

    /** Microseconds since the beginning, and the lap in which they were written, so that nobody is overwritten. */
    private final AtomicLongArray passed;

    RequestWindow(RateConfig rate, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        this.perMicros = rate.per().toNanos() / 1_000;
        this.passed = new AtomicLongArray(rate.requests());
    }

    /** Lets a request pass, and remembers it; or does not. */
    boolean pass() {
        long now = micros();
        while (true) {
            long place = next.get();
            int slot = (int) (place % passed.length());
            long stamp = passed.get(slot);
            if (stampedInLapOf(place, stamp)) {
                next.compareAndSet(place, place + 1); // for who has passed and not yet said so
            } else if (microsUntilOpen(place, stamp, now) > 0) {
                return false;
            } else if (passed.compareAndSet(slot, stamp, (now << LAP_BITS) | lap(place))) {
                next.compareAndSet(place, place + 1);
                return true;
            }
        }
    }

    /** Forgets the last that passed: one is not sent after all, which that is, or passed a moment before. */
    void giveBack() {
        long place = next.get() - 1;
        int slot = (int) (Math.max(0, place) % passed.length());
        long stamp = passed.get(slot);
        // Written as of the lap before and at no time, the slot is open, now or when its turn comes again.
        if (place >= 0
                && stampedInLapOf(place, stamp)
                && passed.compareAndSet(slot, stamp, lap(place) - 1 & LAP_MASK)) {
            next.compareAndSet(place + 1, place);
        }
    }

    /** 0 if a request could pass now. */
    long nanosUntilOpen() {
        long place = next.get();
        long stamp = passed.get((int) (place % passed.length()));
        return stampedInLapOf(place, stamp) ? 0 : microsUntilOpen(place, stamp, micros()) * 1_000;
    }

    private long microsUntilOpen(long place, long stamp, long now) {
        long then = stamp >>> LAP_BITS;
        return place < passed.length() || then == 0 ? 0 : Math.max(0, then + perMicros - now);
    }

    private boolean stampedInLapOf(long place, long stamp) {
        return (stamp & LAP_MASK) == lap(place);
    }

    /** Never 0 in the first, which is the lap of slots that nobody has written. */
    private long lap(long place) {
        return (place / passed.length() + 1) & LAP_MASK;
    }

    /** Never 0, which is no time. */
    private long micros() {
        return (nanoTime.getAsLong() - began) / 1_000 + 1;
    }
}
