package dev.portway.upstream;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.IntUnaryOperator;

/**
 * The weights of targets in lowest terms, as lengths laid end to end on a line, and as an urn to draw from. Immutable.
 *
 * <p>The urn is Walker's alias method (Vose, "A linear algorithm for generating random numbers with a given distribution",
 * 1991) in whole numbers, hence exact: every target has a column as high as all weights together; it fills the lower part
 * of its own column, and the rest of the column belongs to one other.
 */
final class Weights {

    private final int[] ends; // ends[i] is the first point beyond target i
    private final int[] own; // how much of its column target i fills itself
    private final int[] others; // whose the rest of column i is

    /** @param weights above 0 */
    Weights(int[] weights) {
        int divisor = 0;
        for (int weight : weights) {
            divisor = gcd(weight, divisor);
        }
        this.ends = new int[weights.length];
        int end = 0;
        for (int i = 0; i < weights.length; i++) {
            end += weights[i] / divisor;
            ends[i] = end;
        }
        this.own = new int[weights.length];
        this.others = new int[weights.length];
        fillUrn();
    }

    private void fillUrn() {
        long[] left = new long[ends.length];
        Deque<Integer> low = new ArrayDeque<>();
        Deque<Integer> high = new ArrayDeque<>();
        for (int i = 0; i < left.length; i++) {
            left[i] = (long) weight(i) * left.length;
            (left[i] < total() ? low : high).add(i);
        }
        while (!low.isEmpty()) {
            int column = low.remove();
            int other = high.element();
            own[column] = (int) left[column];
            others[column] = other;
            left[other] -= total() - left[column];
            if (left[other] < total()) {
                low.add(high.remove());
            }
        }
        for (int full : high) {
            own[full] = total();
            others[full] = full;
        }
    }

    int size() {
        return ends.length;
    }

    /** The length of the line. */
    int total() {
        return ends[ends.length - 1];
    }

    int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    int weight(int index) {
        return ends[index] - start(index);
    }

    boolean equal() {
        return total() == ends.length;
    }

    /** The index of the target that a point, from 0 to below {@link #total}, falls on. */
    int at(int point) {
        int found = Arrays.binarySearch(ends, point);
        return found < 0 ? -found - 1 : found + 1;
    }

    /** The index of any target, as likely as its weight is large. */
    int draw(IntUnaryOperator random) {
        int column = random.applyAsInt(ends.length);
        return equal() || random.applyAsInt(total()) < own[column] ? column : others[column];
    }

    static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
