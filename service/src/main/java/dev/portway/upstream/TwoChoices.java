package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/**
 * Two different targets at random, by weight, and of these the one with fewer requests in flight for its weight: nearly as
 * even as {@link LeastRequests} at the price of a random pick (Mitzenmacher, "The Power of Two Choices", 2001).
 */
final class TwoChoices implements LoadBalancer {

    private final Target[] targets;
    private final Weights weights;
    private final IntUnaryOperator random;

    TwoChoices(Target[] targets, IntUnaryOperator random) {
        this.targets = targets;
        this.weights = new Weights(targets);
        this.random = random;
    }

    @Override
    public Target pick() {
        int first = weights.at(random.applyAsInt(weights.total()));
        int second = weights.at(pointBeside(first));
        return load(second) * weights.weight(first) < load(first) * weights.weight(second)
                ? targets[second]
                : targets[first];
    }

    /** A random point of the line with this target's part cut out. */
    private int pointBeside(int target) {
        int point = random.applyAsInt(weights.total() - weights.weight(target));
        return point < weights.start(target) ? point : point + weights.weight(target);
    }

    private long load(int index) {
        return targets[index].backend().inFlight();
    }
}
