package dev.portway.upstream;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many requests of a route may be sent twice, so that backends which fail because they have too much to do do not get
 * more to do by that: each request adds its share, up to that of the last five to ten seconds, and ten are in reserve from the
 * beginning. So all that were ever sent twice are never more than the share of all requests and those ten. Thread-safe. A request
 * that is not sent again costs one increment of a striped counter.
 */
public final class RetryBudget {

    /** What a route with little traffic has saved up. */
    private static final int RESERVE = 10;

    private static final int WHOLE = 100; // one request; a share is a part of it
    private static final long WINDOW_NANOS = Duration.ofSeconds(5).toNanos();

    private final int percent;
    private final LongSupplier nanoTime;
    private final LongAdder requests = new LongAdder();

    private volatile long windowBegan; // written under the lock, read by any thread
    private long requestsAtWindow; // when the current window began; guarded by this
    private long requestsAtWindowBefore; // guarded by this
    private long saved; // guarded by this
    private long savedFrom; // so many requests; guarded by this

    /** @param percent of the requests, 0 for none at all */
    public RetryBudget(int percent) {
        this(percent, System::nanoTime);
    }

    /** @param nanoTime a clock that never runs backwards */
    RetryBudget(int percent, LongSupplier nanoTime) {
        this.percent = percent;
        this.nanoTime = nanoTime;
        this.windowBegan = nanoTime.getAsLong();
        this.saved = RESERVE * WHOLE;
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
        saved += WHOLE;
    }

    private synchronized boolean granted(long now) {
        if (now - windowBegan >= WINDOW_NANOS) {
            roll(now);
        }
        long asked = requests.sum();
        long most = Math.max(RESERVE * WHOLE, (asked - requestsAtWindowBefore) * percent);
        saved = Math.min(most, saved + (asked - savedFrom) * percent);
        savedFrom = asked;
        if (saved < WHOLE) {
            return false;
        }
        saved -= WHOLE;
        return true;
    }

    /** Begins a window; of those before it the last one still counts, if there was anything in it. */
    private synchronized void roll(long now) {
        long age = now - windowBegan;
        if (age < WINDOW_NANOS) {
            return; // another has done it
        }
        long asked = requests.sum();
        requestsAtWindowBefore = age < 2 * WINDOW_NANOS ? requestsAtWindow : asked;
        requestsAtWindow = asked;
        windowBegan = now;
    }
}
