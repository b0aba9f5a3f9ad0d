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

    /** A look may miss what others give back and take meanwhile; where all is open there is nothing to find. */
    private static final int MOST_LOOKS = 100;

    private final LongSupplier nanoTime;
    private final long began;
    private final long perMicros;

    /**
     * The place of the one that passes next, counted on and on; for a moment it may be elsewhere. Whoever finds it so puts it right,
     * and nobody passes for it: when its slot is open is written there.
     */
    private final AtomicLong next = new AtomicLong();

    /**
     * Microseconds since the beginning, and the lap in which they were written, so that nobody is overwritten; 0 where nobody has
     * passed, or who has is forgotten: it is open.
     */
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
        for (int looks = 0; looks < MOST_LOOKS; looks++) {
            long place = next.get();
            for (long last = place - 1; last >= place - passed.length(); last--) {
                long stamp = passed.get(slot(last));
                if (stamp != 0 && passed.compareAndSet(slot(last), stamp, 0)) {
                    if (next.compareAndSet(place, last) || !passed.compareAndSet(slot(last), 0, stamp)) {
                        return; // the next one finds it there, or somebody has done so already
                    }
                    break; // behind the place of the next one it would stay unused for a whole span
                }
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
        return stamp == 0 ? 0 : Math.max(0, (stamp >>> LAP_BITS) + perMicros - now);
    }

    /** Whether somebody has passed in this place, or in the same slot since. */
    private boolean taken(long place, long stamp) {
        return stamp != 0 && ((stamp - lap(place)) & LAP_MASK) <= LAP_MASK / 2;
    }

    private int slot(long place) {
        return Math.floorMod(place, passed.length());
    }

    private long lap(long place) {
        return Math.floorDiv(place, passed.length()) & LAP_MASK;
    }

    /** Never 0. */
    private long micros() {
        return (nanoTime.getAsLong() - began) / 1_000 + 1;
    }
}
