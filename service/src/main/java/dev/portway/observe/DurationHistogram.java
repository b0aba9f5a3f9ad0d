package dev.portway.observe;

import com.codahale.metrics.Reservoir;
import com.codahale.metrics.Snapshot;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations in fixed buckets, ten to each power of ten from 10 µs to 100 s, so that recording is one addition and
 * the size does not depend on the traffic. Its snapshot tells of the last five to ten minutes, {@link #counts} of all
 * time. Thread-safe; recording takes no lock but once in five minutes.
 */
final class DurationHistogram implements Reservoir {

    /** What a bucket holds at most, in nanoseconds: the R10 series of preferred numbers; the last bucket has no bound. */
    private static final long[] BOUNDS = bounds();

    private static final int[] FIRST_OF_BITS = firstOfBits();

    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final LongSupplier nanoClock;
    private final AtomicReferenceArray<@Nullable LongAdder> counts = new AtomicReferenceArray<>(BOUNDS.length + 1);
    private final LongAdder sum = new LongAdder();
    private volatile Window window; // replaced by rotate(), read by any thread

    DurationHistogram(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        long[] none = new long[0];
        this.window = new Window(nanoClock.getAsLong(), none, none);
    }

    @Override
    public void update(long nanos) {
        currentWindow();
        bucket(bucketOf(nanos)).increment();
        sum.add(nanos);
    }

    @Override
    public int size() {
        return BOUNDS.length + 1;
    }

    @Override
    public Snapshot getSnapshot() {
        long[] before = currentWindow().beforePrevious();
        long[] recent = counts();
        for (int i = 0; i < before.length; i++) {
            recent[i] -= before[i];
        }
        return new BucketSnapshot(BOUNDS, recent);
    }

    /** Durations ever recorded, by bucket. */
    long[] counts() {
        long[] copy = new long[counts.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = countOf(i);
        }
        return copy;
    }

    /** How many were ever recorded. */
    long count() {
        long count = 0;
        for (int i = 0; i < counts.length(); i++) {
            count += countOf(i);
        }
        return count;
    }

    /** Nanoseconds ever recorded. */
    long sum() {
        return sum.sum();
    }

    /** Whether a bucket ends exactly there. */
    static boolean bounds(long nanos) {
        return Arrays.binarySearch(BOUNDS, nanos) >= 0;
    }

    /**
     * Durations ever recorded, put together into wider buckets.
     *
     * @param bounds in nanoseconds, each one of the series, ascending
     * @return by bucket, and behind them those above all bounds
     */
    long[] counts(long[] bounds) {
        long[] wide = new long[bounds.length + 1];
        int bucket = 0;
        for (int i = 0; i < counts.length(); i++) {
            while (bucket < bounds.length && (i >= BOUNDS.length || BOUNDS[i] > bounds[bucket])) {
                bucket++;
            }
            wide[bucket] += countOf(i);
        }
        return wide;
    }

    /** One that is there from its first use on: most never are, and loops that count in the same one need not wait for each other. */
    private LongAdder bucket(int index) {
        LongAdder there = counts.getAcquire(index);
        if (there != null) {
            return there;
        }
        LongAdder made = new LongAdder();
        LongAdder first = counts.compareAndExchange(index, null, made);
        return first == null ? made : first;
    }

    private long countOf(int index) {
        LongAdder bucket = counts.getAcquire(index);
        return bucket == null ? 0 : bucket.sum();
    }

    /** From the first bucket for a duration of so many bits it is three steps at most, with few turns to foresee. */
    private static int bucketOf(long nanos) {
        int bucket = FIRST_OF_BITS[Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, nanos))];
        while (bucket < BOUNDS.length && BOUNDS[bucket] < nanos) {
            bucket++;
        }
        return bucket;
    }

    private static int[] firstOfBits() {
        int[] first = new int[Long.SIZE];
        for (int bits = 1; bits < first.length; bits++) {
            int bucket = first[bits - 1];
            while (bucket < BOUNDS.length && BOUNDS[bucket] < 1L << (bits - 1)) {
                bucket++;
            }
            first[bits] = bucket;
        }
        return first;
    }

    private Window currentWindow() {
        Window current = window;
        return nanoClock.getAsLong() - current.startedAt() < WINDOW_NANOS ? current : rotate();
    }

    private synchronized Window rotate() {
        long now = nanoClock.getAsLong();
        long age = now - window.startedAt();
        if (age >= WINDOW_NANOS) {
            long[] soFar = counts();
            window = new Window(now, age < 2 * WINDOW_NANOS ? window.beforeThis() : soFar, soFar);
        }
        return window;
    }

    private static long[] bounds() {
        int[] series = {100, 125, 160, 200, 250, 315, 400, 500, 630, 800};
        int decades = 7;
        long[] bounds = new long[decades * series.length + 1];
        long unit = 100; // of the series: it begins with 10 µs
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = series[i % series.length] * unit;
            unit *= i % series.length == series.length - 1 ? 10 : 1;
        }
        return bounds;
    }

    /** The counts as they stood when the window before this one began, and when this one did; empty for all zero. */
    @SuppressWarnings("ArrayRecordComponent") // private, and never compared
    private record Window(long startedAt, long[] beforePrevious, long[] beforeThis) {}
}
