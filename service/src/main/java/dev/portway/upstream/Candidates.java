package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/**
 * The targets that may be chosen at this moment, at least one, and the weights that count for it: a target that starts
 * slowly has less than is written. Immutable.
 */
final class Candidates {

    final Target[] targets;
    final Backend[] backends; // by the index of the target
    final Weights weights; // likewise

    /** @param weights above 0, by the index of the target; only their ratios count */
    Candidates(Target[] targets, int[] weights) {
        this.targets = targets;
        this.weights = new Weights(weights);
        this.backends = new Backend[targets.length];
        for (int i = 0; i < targets.length; i++) {
            backends[i] = targets[i].backend();
        }
    }

    int size() {
        return targets.length;
    }

    /** The index of any of them, all alike: where a search begins, so that none of several equals is always the first. */
    int anywhere(IntUnaryOperator random) {
        return random.applyAsInt(targets.length);
    }
}
