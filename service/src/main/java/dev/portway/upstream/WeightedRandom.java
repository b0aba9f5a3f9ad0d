package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/** Any target, as likely as its weight is large. */
final class WeightedRandom implements LoadBalancer {

    private final Target[] targets;
    private final Weights weights;
    private final IntUnaryOperator random;

    WeightedRandom(Candidates candidates, IntUnaryOperator random) {
        this.targets = candidates.targets;
        this.weights = candidates.weights;
        this.random = random;
    }

    @Override
    public Target pick(Selection selection, int limit) {
        return targets[weights.draw(random)];
    }
}
