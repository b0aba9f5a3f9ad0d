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

    /**
     * The place of the one that passes next, counted on and on; for a moment it may be elsewhere. Whoever finds it so puts it right,
     * and nobody passes for it: when its slot is open is written there.
     */
    private final AtomicLong next;

    /**
     * Microseconds since the beginning, and the lap in which they were written, so that nobody is overwritten; 0 for no time, where
     * nobody has passed, or has been forgotten.
     */
    private final AtomicLongArray passed;

    RequestWindow(RateConfig rate, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        this.perMicros = rate.per().toNanos() / 1_000;
        this.passed = new AtomicLongArray(rate.requests());
        this.next = new AtomicLong(rate.requests()); // as if a lap had been
    }

    /** Lets a request pass, and remembers it; or does not. */
    boolean pass() {
        long now = micros();
        while (true) {
            long place = next.get();
            int slot = slot(place);
            long stamp = passed.get(slot);
            if (taken(place, stamp)) {
                next.compareAndSet(place, place + 1); // for who has passed and not yet said so
            } else if (microsUntilOpen(stamp, now) > 0) {
                return false;
            } else if (passed.compareAndSet(slot, stamp, (now << LAP_BITS) | lap(place))) {
                next.compareAndSet(place, place + 1);
                return true;
            }
        }
    }

    /** Forgets the last that passed: one is not sent after all, which that is, or passed a moment before. */
    void giveBack() {
        while (true) {
            long place = next.get();
            long last = place - 1;
            if (taken(place, passed.get(slot(place)))) {
                next.compareAndSet(place, place + 1); // for who has passed and not yet said so
                continue;
            }
            if (last < 0) {
                return; // nobody has
            }
            long stamp = passed.get(slot(last));
            if (stamp == before(lap(last))) {
                next.compareAndSet(place, last); // for who has given it back and not yet said so
            } else if (passed.compareAndSet(slot(last), stamp, before(stamp))) {
                next.compareAndSet(place, last);
                return;
            }
        }
    }

    /** 0 if a request could pass now. */
    long nanosUntilOpen() {
        long place = next.get();
        long stamp = passed.get(slot(place));
        return taken(place, stamp) ? 0 : microsUntilOpen(stamp, micros()) * 1_000;
    }

    private long microsUntilOpen(long stamp, long now) {
        long then = stamp >>> LAP_BITS;
        return then == 0 ? 0 : Math.max(0, then + perMicros - now);
    }

    /** Whether somebody has passed in this place, or in the same slot since. */
    private boolean taken(long place, long stamp) {
        return ((stamp - lap(place)) & LAP_MASK) <= LAP_MASK / 2;
    }

    private int slot(long place) {
        return (int) (place % passed.length());
    }

    private long lap(long place) {
        return (place / passed.length()) & LAP_MASK;
    }

    /** Written as of the lap before and at no time, a slot is open, now or when its turn comes again. */
    private static long before(long stamp) {
        return (stamp - 1) & LAP_MASK;
    }

    /** Never 0, which is no time. */
    private long micros() {
        return (nanoTime.getAsLong() - began) / 1_000 + 1;
    }
}
