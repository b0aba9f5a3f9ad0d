package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/**
 * The target with the fewest requests in flight for its weight; of several, one at random. Of many targets it is the one of
 * {@link Candidates#SAMPLE} drawn by weight (decision 103).
 */
final class LeastRequests implements LoadBalancer {

    /** Targets drawn in the hope of an idle one before all are looked at. */
    private static final int DRAWS = 2;

    private final Target[] targets;
    private final Load[] loads; // of the backends, by the index of the target
    private final int[] weights; // likewise
    private final Weights urn;
    private final boolean many;
    private final IntUnaryOperator random;

    LeastRequests(Candidates candidates, IntUnaryOperator random) {
        this.targets = candidates.targets;
        this.loads = candidates.loads;
        this.urn = candidates.weights;
        this.many = candidates.many();
        this.weights = new int[targets.length];
        for (int i = 0; i < targets.length; i++) {
            weights[i] = urn.weight(i);
        }
        this.random = random;
    }

    @Override
    public Target pick(Selection selection, int limit) {
        return targets[many ? leastOfSample() : leastOfAll()];
    }

    private int leastOfSample() {
        int best = urn.draw(random);
        for (int n = 1; n < Candidates.SAMPLE; n++) {
            int drawn = urn.draw(random);
            best = less(drawn, best) ? drawn : best;
        }
        return best;
    }

    /**
     * An idle target is as good as any found by looking at all. Drawn by weight, idle targets get their shares, and most
     * picks are done at once.
     */
    private int leastOfAll() {
        for (int n = 0; n < DRAWS; n++) {
            int drawn = urn.draw(random);
            if (loads[drawn].inFlight() == 0) {
                return drawn;
            }
        }
        int start = random.applyAsInt(targets.length); // anywhere, so that none of several is always the first
        int best = leastBetween(start, targets.length, start);
        return leastBetween(0, start, best);
    }

    /** The index of the least load of {@code best} and those from {@code from} to before {@code to}. */
    private int leastBetween(int from, int to, int best) {
        int found = best;
        for (int i = from; i < to; i++) {
            found = less(i, found) ? i : found;
        }
        return found;
    }

    private boolean less(int one, int other) {
        return (long) loads[one].inFlight() * weights[other] < (long) loads[other].inFlight() * weights[one];
    }
}
