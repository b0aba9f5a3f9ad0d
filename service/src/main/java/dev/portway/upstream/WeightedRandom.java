package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/** Any target, as likely as its weight is large. */
final class WeightedRandom implements LoadBalancer {

    private final Target[] targets;
    private final Weights weights;
    private final IntUnaryOperator random;

    WeightedRandom(Target[] targets, IntUnaryOperator random) {
        this.targets = targets;
        this.weights = new Weights(targets);
        this.random = random;
    }

    @Override
    public Target pick(Selection selection) {
        return targets[weights.draw(random)];
    }
}
