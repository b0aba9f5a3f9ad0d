package dev.portway.observe;

import com.codahale.metrics.Snapshot;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/**
 * The distribution that counts in buckets stand for: within a bucket values are taken to lie evenly, so a quantile is
 * off by less than a bucket's width. Immutable.
 */
final class BucketSnapshot extends Snapshot {

    private final long[] bounds;
    private final long[] counts;
    private final long total;

    /** Counts by upper bound, and behind them the count of what is above all bounds; the arrays become the snapshot's. */
    BucketSnapshot(long[] bounds, long[] counts) {
        this.bounds = bounds;
        this.counts = counts;
        this.total = LongStream.of(counts).sum();
    }

    @Override
    public double getValue(double quantile) {
        if (!(quantile >= 0 && quantile <= 1)) {
            throw new IllegalArgumentException("quantile: " + quantile + " (expected: 0..1)");
        }
        if (total == 0) {
            return 0;
        }
        double rank = quantile * total;
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0 && below + counts[i] >= rank) {
                double share = Math.max(0, rank - below) / counts[i];
                return lower(i) + share * (upper(i) - lower(i));
            }
            below += counts[i];
        }
        return getMax();
    }

    /** The bounds of the buckets that hold anything; the samples themselves are not kept. */
    @Override
    public long[] getValues() {
        return LongStream.range(0, counts.length)
                .filter(i -> counts[(int) i] > 0)
                .map(i -> upper((int) i))
                .toArray();
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, total);
    }

    @Override
    public long getMax() {
        for (int i = counts.length - 1; i >= 0; i--) {
            if (counts[i] > 0) {
                return upper(i);
            }
        }
        return 0;
    }

    @Override
    public double getMean() {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i] * middle(i);
        }
        return total == 0 ? 0 : sum / total;
    }

    @Override
    public long getMin() {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                return lower(i);
            }
        }
        return 0;
    }

    @Override
    public double getStdDev() {
        double mean = getMean();
        double squares = 0;
        for (int i = 0; i < counts.length; i++) {
            squares += counts[i] * (middle(i) - mean) * (middle(i) - mean);
        }
        return total < 2 ? 0 : Math.sqrt(squares / (total - 1));
    }

    @Override
    public void dump(OutputStream output) {
        PrintWriter writer = new PrintWriter(output, false, StandardCharsets.UTF_8);
        for (int i = 0; i < counts.length; i++) {
            writer.printf("%d %d%n", upper(i), counts[i]);
        }
        writer.flush();
    }

    private long lower(int bucket) {
        return bucket == 0 ? 0 : bounds[bucket - 1];
    }

    private long upper(int bucket) {
        return bounds[Math.min(bucket, bounds.length - 1)];
    }

    private double middle(int bucket) {
        return (lower(bucket) + upper(bucket)) / 2.0;
    }
}
