package dev.portway.upstream;

/**
 * A moving average of a backend's time to the head of the response: quick to rise, slow to fall, and forgotten while no
 * request comes, so that a backend that once was slow is tried again. Thread-safe.
 */
public final class Latency {

    /** The time after which an old average counts half; it fades by as much while nothing is recorded. */
    private static final long HALF_LIFE_NANOS = 10_000_000_000L;

    private static final double RISE = 0.5;
    private static final double FALL = 0.1;

    private volatile long averageNanos; // written by record(), a lost race loses one sample
    private volatile long recordedAt; // likewise, and always before the average

    Latency() {}

    /**
     * Moves the average towards a sample: at least half way if it is slower, a tenth if it is faster, further the longer
     * ago the last one is.
     *
     * @param now of a clock that only this object's callers share
     */
    void record(long nanos, long now) {
        long old = averageNanos;
        long sample = Math.max(1, nanos);
        double age = Math.max(0, now - recordedAt);
        recordedAt = now;
        double share = Math.max(sample > old ? RISE : FALL, age / (age + HALF_LIFE_NANOS));
        averageNanos = old == 0 ? sample : Math.max(1, old + Math.round(share * (sample - old)));
    }

    /** As of the last sample; 0 before the first. */
    public long averageNanos() {
        return averageNanos;
    }

    /** The average, halved for every half-life without a sample; 0 before the first one. */
    long expectedNanos(long now) {
        long average = averageNanos;
        long halvings = (now - recordedAt) / HALF_LIFE_NANOS;
        return average == 0 ? 0 : Math.max(1, average >> Math.max(0, Math.min(halvings, 62)));
    }
}
