package dev.portway.upstream;

/**
 * A moving average of a backend's time to the head of the response: quick to rise, slow to fall, and fading while no
 * request comes, so that a backend that once was slow is tried again. Thread-safe.
 */
public final class Latency {

    /** The time after which an old average counts half; it fades by as much while nothing is recorded. */
    private static final double HALF_LIFE_NANOS = 10e9;

    private static final double RISE = 0.5;
    private static final double FALL = 0.1;
    private static final double LOG_2 = Math.log(2);

    private volatile long averageNanos; // written by record(), a lost race loses one sample
    private volatile long recordedAt; // likewise
    private volatile double rank = Double.NEGATIVE_INFINITY; // likewise

    Latency() {}

    /**
     * Moves the average towards a sample: at least half way if it is slower, a tenth if it is faster, further the longer
     * ago the last one is.
     *
     * @param now of the clock that all backends of a pool share
     */
    void record(long nanos, long now) {
        long old = averageNanos;
        long sample = Math.max(1, nanos);
        double age = Math.max(0, now - recordedAt);
        double share = Math.max(sample > old ? RISE : FALL, age / (age + HALF_LIFE_NANOS));
        long average = old == 0 ? sample : Math.max(1, old + Math.round(share * (sample - old)));
        recordedAt = now;
        averageNanos = average;
        rank = rank(average, now);
    }

    /** The rank of an average at its recording. */
    static double rank(long averageNanos, long now) {
        return log2((double) averageNanos) + now / HALF_LIFE_NANOS;
    }

    /** As of the last sample; 0 before the first. */
    public long averageNanos() {
        return averageNanos;
    }

    /**
     * The binary logarithm of the average, faded by the time since it was recorded, but for a constant that is the same
     * for all backends of a pool: all averages fade alike, so to compare them takes no clock. Infinitely low before the
     * first sample.
     */
    double rank() {
        return rank;
    }

    /** Whether there is an average that has not faded to less than half. */
    boolean fresh(long now) {
        return averageNanos != 0 && now - recordedAt <= HALF_LIFE_NANOS;
    }

    static double log2(double value) {
        return Math.log(value) / LOG_2;
    }
}
