package dev.portway.upstream;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many requests of a route may be sent twice, so that backends which fail because they have too much to do do not get
 * more to do by that: a share of all requests of the last five to ten seconds, and a few in each second whatever there was.
 * Thread-safe. A request that is not sent again costs one increment of a striped counter.
 */
public final class RetryBudget {

    /** In each second, even if nobody else asks for anything. */
    private static final int ALWAYS_PER_SECOND = 10;

    private static final long WINDOW_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final int percent;
    private final LongSupplier nanoTime;
    private final LongAdder requests = new LongAdder();

    private volatile long windowBegan; // written under the lock, read by any thread
    private long requestsAtWindow; // when the current window began; guarded by this
    private long requestsAtWindowBefore; // guarded by this
    private long retries; // in the current window; guarded by this
    private long retriesBefore; // guarded by this
    private long secondBegan; // guarded by this
    private int retriesInSecond; // guarded by this

    /** @param percent of the requests, 0 for none at all */
    public RetryBudget(int percent) {
        this(percent, System::nanoTime);
    }

    /** @param nanoTime a clock that never runs backwards */
    RetryBudget(int percent, LongSupplier nanoTime) {
        this.percent = percent;
        this.nanoTime = nanoTime;
        this.windowBegan = nanoTime.getAsLong();
        this.secondBegan = windowBegan;
    }

    public int percent() {
        return percent;
    }

    /**
     * Takes note of a request that is sent for the first time.
     *
     * @param now by {@link System#nanoTime}
     */
    public void requested(long now) {
        if (now - windowBegan >= WINDOW_NANOS) {
            roll(now);
        }
        requests.increment();
    }

    /** Whether one may be sent once more; if so, it is counted as sent. */
    public boolean take() {
        return percent > 0 && granted(nanoTime.getAsLong());
    }

    /** Takes back what {@link #take} counted for a request that was not sent once more after all. */
    public synchronized void giveBack() {
        retries = Math.max(0, retries - 1);
        retriesInSecond = Math.max(0, retriesInSecond - 1);
    }

    private synchronized boolean granted(long now) {
        if (now - windowBegan >= WINDOW_NANOS) {
            roll(now);
        }
        if (now - secondBegan >= SECOND_NANOS) {
            secondBegan = now;
            retriesInSecond = 0;
        }
        boolean withinShare =
                (retries + retriesBefore + 1) * 100 <= (requests.sum() - requestsAtWindowBefore) * percent;
        if (!withinShare && retriesInSecond >= ALWAYS_PER_SECOND) {
            return false;
        }
        retries++;
        retriesInSecond++;
        return true;
    }

    /** Begins a window; of those before it the last one still counts, if there was anything in it. */
    private synchronized void roll(long now) {
        long age = now - windowBegan;
        if (age < WINDOW_NANOS) {
            return; // another has done it
        }
        long asked = requests.sum();
        boolean next = age < 2 * WINDOW_NANOS;
        requestsAtWindowBefore = next ? requestsAtWindow : asked;
        retriesBefore = next ? retries : 0;
        requestsAtWindow = asked;
        retries = 0;
        windowBegan = now;
    }
}
