package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/**
 * Two different targets at random, by weight, and of these the one with fewer requests in flight for its weight: nearly as
 * even as {@link LeastRequests} at the price of a random pick (Mitzenmacher, "The Power of Two Choices", 2001).
 */
final class TwoChoices implements LoadBalancer {

    /** Draws for a second target before one is looked up, which takes longer but never meets the first again. */
    private static final int DRAWS = 3;

    private final Target[] targets;
    private final Load[] loads; // of the backends, by the index of the target
    private final Weights weights; // likewise
    private final IntUnaryOperator random;

    TwoChoices(Candidates candidates, IntUnaryOperator random) {
        this.targets = candidates.targets;
        this.loads = candidates.loads;
        this.weights = candidates.weights;
        this.random = random;
    }

    @Override
    public Target pick(Selection selection, int limit) {
        int first = weights.draw(random);
        int second = beside(first);
        return load(second) * weights.weight(first) < load(first) * weights.weight(second)
                ? targets[second]
                : targets[first];
    }

    private int beside(int first) {
        if (targets.length == 2) {
            return 1 - first;
        }
        for (int n = 0; n < DRAWS; n++) {
            int drawn = weights.draw(random);
            if (drawn != first) {
                return drawn;
            }
        }
        int point = random.applyAsInt(weights.total() - weights.weight(first));
        return weights.at(point < weights.start(first) ? point : point + weights.weight(first));
    }

    private long load(int index) {
        return loads[index].inFlight();
    }
}
