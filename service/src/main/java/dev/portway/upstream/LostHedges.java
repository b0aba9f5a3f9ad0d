package dev.portway.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests of one backend that another answered first (decision 124): for how long it has answered nothing, and how many
 * of them are heard out, with nobody waiting for them. Thread-safe: written on the event loops of those requests; of two that
 * are outrun first at once either counts.
 */
public final class LostHedges {

    /** Enough for the usual number of failures in a row to be seen at once. */
    private static final int MOST_HEARD_OUT = 8;

    private final AtomicInteger heardOut = new AtomicInteger();
    private volatile long outrunSince; // 0 for not, since its last answer; written on event loops

    LostHedges() {}

    /** It has answered a request, or is about to begin anew. Costs one volatile read for each answer. */
    void forget() {
        if (outrunSince != 0) {
            outrunSince = 0;
        }
    }

    /**
     * Takes note of a request that another backend answered while this one was still asked.
     *
     * @param sent when it was sent here, of {@link System#nanoTime}
     * @return the nanoseconds for which it has answered nothing, since the first that was outrun of those after its last answer
     */
    public long outrun(long sent, long now) {
        long since = outrunSince;
        if (since == 0) {
            since = sent;
            outrunSince = sent;
        }
        return now - since;
    }

    /** Whether one more may be waited for, to see what comes; if so, exactly one {@link #heardOut} must follow. */
    public boolean hearOut() {
        if (heardOut.incrementAndGet() > MOST_HEARD_OUT) {
            heardOut.decrementAndGet();
            return false;
        }
        return true;
    }

    public void heardOut() {
        heardOut.decrementAndGet();
    }
}
