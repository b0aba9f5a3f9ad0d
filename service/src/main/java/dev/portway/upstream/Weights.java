package dev.portway.upstream;

import java.util.Arrays;

/** Targets laid end to end on a line, each as long as its weight, in lowest terms. Immutable. */
final class Weights {

    private final int[] ends; // ends[i] is the first point beyond target i

    Weights(Target[] targets) {
        int divisor = 0;
        for (Target target : targets) {
            divisor = gcd(target.weight(), divisor);
        }
        this.ends = new int[targets.length];
        int end = 0;
        for (int i = 0; i < targets.length; i++) {
            end += targets[i].weight() / divisor;
            ends[i] = end;
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
        if (equal()) {
            return point;
        }
        int found = Arrays.binarySearch(ends, point);
        return found < 0 ? -found - 1 : found + 1;
    }

    static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
