package dev.portway.observe;

import com.codahale.metrics.Reservoir;
import com.codahale.metrics.Snapshot;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts durations in fixed buckets, ten to each power of ten from 10 µs to 100 s, so that recording is one addition and
 * the size does not depend on the traffic. Its snapshot tells of the last five to ten minutes, {@link #counts} of all
 * time. Thread-safe, without locks.
 */
final class DurationHistogram implements Reservoir {

    /** What a bucket holds at most, in nanoseconds: the R10 series of preferred numbers; the last bucket has no bound. */
    private static final long[] BOUNDS = bounds();

    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final LongSupplier nanoClock;
    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);
    private final LongAdder sum = new LongAdder();
    private final AtomicReference<Window> window;

    DurationHistogram(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        long[] none = new long[0];
        this.window = new AtomicReference<>(new Window(nanoClock.getAsLong(), none, none));
    }

    @Override
    public void update(long nanos) {
        currentWindow();
        counts.incrementAndGet(bucketOf(nanos));
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
            copy[i] = counts.get(i);
        }
        return copy;
    }

    /** Nanoseconds ever recorded. */
    long sum() {
        return sum.sum();
    }

    /** The bucket whose upper bound is exactly this. */
    static int bucketBoundedBy(long nanos) {
        int bucket = Arrays.binarySearch(BOUNDS, nanos);
        if (bucket < 0) {
            throw new IllegalArgumentException("bound: " + nanos + " ns (expected: one of the R10 series)");
        }
        return bucket;
    }

    private static int bucketOf(long nanos) {
        int found = Arrays.binarySearch(BOUNDS, nanos);
        return found >= 0 ? found : -found - 1;
    }

    private Window currentWindow() {
        long now = nanoClock.getAsLong();
        Window current = window.get();
        long age = now - current.startedAt();
        if (age < WINDOW_NANOS) {
            return current;
        }
        long[] soFar = counts();
        Window next = new Window(now, age < 2 * WINDOW_NANOS ? current.beforeThis() : soFar, soFar);
        return window.compareAndSet(current, next) ? next : window.get();
    }

    private static long[] bounds() {
        double[] series = {1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8};
        int decades = 7;
        long[] bounds = new long[decades * series.length + 1];
        double unit = TimeUnit.MICROSECONDS.toNanos(10);
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = Math.round(series[i % series.length] * unit * Math.pow(10, i / series.length));
        }
        return bounds;
    }

    /** The counts as they stood when the window before this one began, and when this one did; empty for all zero. */
    @SuppressWarnings("ArrayRecordComponent") // private, and never compared
    private record Window(long startedAt, long[] beforePrevious, long[] beforeThis) {}
}
