package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/** The target with the fewest requests in flight for its weight; of several, one at random, by weight. */
final class LeastRequests implements LoadBalancer {

    private final Target[] targets;
    private final Backend[] backends; // by the index of the target
    private final Weights weights;
    private final double[] shares; // 1 / weight
    private final IntUnaryOperator random;

    LeastRequests(Target[] targets, IntUnaryOperator random) {
        this.targets = targets;
        this.backends = new Backend[targets.length];
        this.weights = new Weights(targets);
        this.shares = new double[targets.length];
        for (int i = 0; i < targets.length; i++) {
            backends[i] = targets[i].backend();
            shares[i] = 1.0 / weights.weight(i);
        }
        this.random = random;
    }

    @Override
    public Target pick() {
        double least = Double.MAX_VALUE;
        int last = 0;
        int tied = 0; // weight of those that share the least load
        for (int i = 0; i < backends.length; i++) {
            double load = backends[i].inFlight() * shares[i];
            if (load < least) {
                least = load;
                last = i;
                tied = weights.weight(i);
            } else if (load == least) {
                last = i;
                tied += weights.weight(i);
            }
        }
        return tied == weights.weight(last) ? targets[last] : pickTied(least, tied, last);
    }

    /** @param last of the tied, for the case that the others got busy meanwhile */
    private Target pickTied(double least, int tied, int last) {
        int point = random.applyAsInt(tied);
        for (int i = 0; i < last; i++) {
            if (backends[i].inFlight() * shares[i] <= least) {
                point -= weights.weight(i);
                if (point < 0) {
                    return targets[i];
                }
            }
        }
        return targets[last];
    }
}
