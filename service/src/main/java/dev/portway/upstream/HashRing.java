package dev.portway.upstream;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Points on a circle, each of which belongs to a target; a key belongs to the first point behind it. A target has always
 * the same points, more or fewer of them by its weight, so that when one comes or goes no other keys move than those it
 * gains or loses. Immutable.
 */
final class HashRing {

    /** Of a target of average weight. With so many, shares differ from what the weights say by about a tenth. */
    private static final int POINTS = 160;

    private static final int MOST_POINTS = 1 << 16; // of one target
    private static final int OWNER_BITS = 16;
    private static final long OWNER_MASK = (1 << OWNER_BITS) - 1;

    private final long[] points; // places in unsigned order, with the index of the owner for their last bits
    private final int[] starts; // the first point at or behind the begin of each of many equal parts of the circle
    private final int shift; // from a place to its part

    /**
     * @param targets at most 65,536
     * @param weights of the targets
     * @param average the weight that makes {@link #POINTS}; should stay when targets come and go
     */
    HashRing(Target[] targets, int[] weights, double average) {
        int[] counts = new int[targets.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (int) Math.max(1, Math.min(MOST_POINTS, Math.round(POINTS * weights[i] / average)));
        }
        this.points = new long[Arrays.stream(counts).sum()];
        Map<String, Integer> twins = new HashMap<>(); // the same target written twice
        int n = 0;
        for (int i = 0; i < counts.length; i++) {
            String name =
                    targets[i].backend().identity().url() + targets[i].url().path();
            int first = (twins.merge(name, 1, Integer::sum) - 1) * MOST_POINTS;
            for (int k = 0; k < counts[i]; k++) {
                points[n++] = (Hashes.of(name, first + k) & ~OWNER_MASK) | i;
            }
        }
        sortUnsigned(points);
        int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(points.length - 1));
        this.shift = Long.SIZE - bits;
        this.starts = new int[1 << bits];
        for (int part = 0, point = 0; part < starts.length; part++) {
            while (point < points.length && points[point] >>> shift < part) {
                point++;
            }
            starts[part] = point;
        }
    }

    /** The index of the first point at or behind this place. */
    int pointBehind(long place) {
        int point = starts[(int) (place >>> shift)];
        while (point < points.length && Long.compareUnsigned(points[point], place) < 0) {
            point++;
        }
        return point == points.length ? 0 : point;
    }

    int next(int point) {
        return point + 1 == points.length ? 0 : point + 1;
    }

    /** The index of the target that a point belongs to. */
    int owner(int point) {
        return (int) (points[point] & OWNER_MASK);
    }

    private static void sortUnsigned(long[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] ^= Long.MIN_VALUE;
        }
        Arrays.sort(values);
        for (int i = 0; i < values.length; i++) {
            values[i] ^= Long.MIN_VALUE;
        }
    }
}
