package dev.portway.upstream;

/** A moving average of a backend's time to the head of the response, quick to rise and slow to fall. Thread-safe. */
public final class Latency {

    private volatile long averageNanos; // written by record(), a lost race loses one sample

    Latency() {}

    void record(long nanos) {
        long old = averageNanos;
        averageNanos = nanos > old ? (old == 0 ? nanos : old + (nanos - old) / 2) : old + (nanos - old) / 10;
    }

    /** 0 before the first sample. */
    public long averageNanos() {
        return averageNanos;
    }
}
