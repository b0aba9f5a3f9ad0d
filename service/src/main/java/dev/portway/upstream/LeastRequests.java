package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/** The target with the fewest requests in flight for its weight; of several, one at random. */
final class LeastRequests implements LoadBalancer {

    /** Targets drawn in the hope of an idle one before all are looked at. */
    private static final int DRAWS = 2;

    private final Target[] targets;
    private final Backend[] backends; // by the index of the target
    private final int[] weights; // likewise
    private final Weights urn;
    private final IntUnaryOperator random;

    LeastRequests(Candidates candidates, IntUnaryOperator random) {
        this.targets = candidates.targets;
        this.backends = candidates.backends;
        this.urn = candidates.weights;
        this.weights = new int[targets.length];
        for (int i = 0; i < targets.length; i++) {
            weights[i] = urn.weight(i);
        }
        this.random = random;
    }

    /**
     * An idle target is as good as any found by looking at all. Drawn by weight, idle targets get their shares, and most
     * picks from many targets are done at once.
     */
    @Override
    public Target pick(Selection selection, int limit) {
        for (int n = 0; n < DRAWS; n++) {
            int drawn = urn.draw(random);
            if (backends[drawn].inFlight() == 0) {
                return targets[drawn];
            }
        }
        int start = random.applyAsInt(targets.length); // anywhere, so that none of several is always the first
        int best = leastBetween(start, targets.length, start);
        return targets[leastBetween(0, start, best)];
    }

    /** The index of the least load of {@code best} and those from {@code from} to before {@code to}. */
    private int leastBetween(int from, int to, int best) {
        Backend[] backends = this.backends;
        int[] weights = this.weights;
        int found = best;
        long least = backends[best].inFlight();
        long weight = weights[best];
        for (int i = from; i < to && least > 0; i++) {
            long load = backends[i].inFlight();
            if (load * weight < least * weights[i]) { // load / weights[i] < least / weight
                least = load;
                weight = weights[i];
                found = i;
            }
        }
        return found;
    }
}
