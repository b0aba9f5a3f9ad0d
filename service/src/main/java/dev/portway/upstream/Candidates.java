package dev.portway.upstream;

/**
 * The targets that may be chosen at this moment, at least one, and the weights that count for it: a target that starts
 * slowly has less than is written. Immutable.
 */
final class Candidates {

    /** Of many, so many are looked at. */
    static final int SAMPLE = 4;

    /** So many can be looked at one by one. */
    private static final int FEW = 32;

    final Target[] targets;
    final Load[] loads; // of the backends, by the index of the target
    final Weights weights; // likewise

    /** @param weights above 0, by the index of the target; only their ratios count */
    Candidates(Target[] targets, int[] weights) {
        this.targets = targets;
        this.weights = new Weights(weights);
        this.loads = new Load[targets.length];
        for (int i = 0; i < targets.length; i++) {
            loads[i] = targets[i].backend().load();
        }
    }

    /** Whether there are too many to look at them all for one request. */
    boolean many() {
        return targets.length > FEW;
    }

    int size() {
        return targets.length;
    }
}
