package dev.portway.upstream;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What the strategies compare one backend with others by: the requests in flight to it, and how soon it answered of late. Both
 * are in the object itself, where those who compare many find them without another hop ({@link Candidates#loads}).
 *
 * <p>Thread-safe, takes no lock. Requests are counted by compare-and-set on whatever loop begins and ends them. Times are
 * written there too, each by itself: of two that are recorded at once one may be lost.
 */
final class Load {

    private static final AtomicIntegerFieldUpdater<Load> IN_FLIGHT =
            AtomicIntegerFieldUpdater.newUpdater(Load.class, "inFlight");

    /** What a request that failed counts for beside the times of those that were answered. */
    private static final long FAILED_NANOS = 1_000_000_000;

    /** For how long that is told of one that comes back, and has not answered since. */
    private static final long FAILURE_COUNTS_NANOS = 10_000_000_000L;

    private final LongAdder requests = new LongAdder();
    private volatile int inFlight; // written by begin() and end() through IN_FLIGHT, read by any thread
    private volatile Latency latency = new Latency(); // replaced by forgetLatency(), read by any thread
    private volatile double latencyRank = Double.NEGATIVE_INFINITY; // written by recordLatency(), read by any thread
    private volatile long failedAt; // 0 for never; written with latencyRank

    int inFlight() {
        return inFlight;
    }

    /** Counts a request in, unless {@code limit} are in flight already, or the window lets none pass. */
    boolean begin(int limit, @Nullable RequestWindow window) {
        int now = inFlight;
        while (now < limit && !IN_FLIGHT.compareAndSet(this, now, now + 1)) {
            now = inFlight;
        }
        if (now >= limit) {
            return false;
        }
        if (window != null && !window.pass()) {
            IN_FLIGHT.decrementAndGet(this);
            return false;
        }
        requests.increment();
        return true;
    }

    void end() {
        IN_FLIGHT.decrementAndGet(this);
    }

    /** Takes back what {@link #begin} counted for a request that is not sent. */
    void takeBack(@Nullable RequestWindow window) {
        IN_FLIGHT.decrementAndGet(this);
        requests.decrement();
        if (window != null) {
            window.giveBack();
        }
    }

    /** All that were ever counted in. */
    long requests() {
        return requests.sum();
    }

    Latency latency() {
        return latency;
    }

    /** {@link Latency#rank}, and what failures make of it. */
    double latencyRank() {
        return latencyRank;
    }

    /** @param now of the clock that all backends of a pool share */
    void recordLatency(long nanos, long now) {
        Latency current = latency;
        current.record(nanos, now);
        latencyRank = current.rank();
    }

    /** An answer that makes it no better than it was: its time counts where that is longer than others took. */
    void recordError(long nanos, long now) {
        long average = latency.averageNanos();
        if (average == 0) {
            recordFailure(now);
        } else {
            recordLatency(Math.max(nanos, average), now);
        }
    }

    /** An answer that would have taken so long at least. */
    void recordGivenUp(long nanos, long now) {
        long average = latency.averageNanos();
        if (average != 0 && nanos > average) {
            recordLatency(nanos, now);
        }
    }

    /**
     * No answer at all. Where times are compared that counts as a long one, or who fails before it has ever answered would seem
     * to be the fastest of all; where times are shown it does not.
     */
    void recordFailure(long now) {
        latencyRank = Math.max(latencyRank, Latency.rank(FAILED_NANOS, now));
        failedAt = now;
    }

    /** Forgets an average that is from another time, where it may be chosen again. */
    void returned(long now) {
        boolean failedLately = failedAt != 0 && now - failedAt <= FAILURE_COUNTS_NANOS;
        if (!latency.fresh(now) && !failedLately) {
            forgetLatency();
        }
    }

    /** What comes back may be another, and an average that has faded would draw all requests to it before it has answered. */
    void forgetLatency() {
        latency = new Latency();
        latencyRank = Double.NEGATIVE_INFINITY;
    }
}
