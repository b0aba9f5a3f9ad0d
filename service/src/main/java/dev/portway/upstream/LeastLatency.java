package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/**
 * The target whose answer is to be expected first: its average time to the head of the response, times the requests that
 * would then be in flight, for its weight. One that has not answered yet is tried, with one request at a time. Of many
 * targets it is the one of {@link Candidates#SAMPLE} drawn by weight (decision 103).
 *
 * <p>Works on logarithms, where a product is a sum, and the time that averages have faded for is the same for all.
 */
final class LeastLatency implements LoadBalancer {

    /** Above any rank: the place of a backend that has been asked and has not answered anything yet. */
    private static final double UNANSWERED = 1e15;

    /** Of the requests in flight and one more. */
    private static final double[] LOGARITHMS = new double[1024];

    static {
        for (int i = 0; i < LOGARITHMS.length; i++) {
            LOGARITHMS[i] = Latency.log2(i + 1.0);
        }
    }

    private final Target[] targets;
    private final Load[] loads; // of the backends, by the index of the target
    private final double[] weights; // likewise, logarithms
    private final Weights urn;
    private final boolean many;
    private final IntUnaryOperator random;

    LeastLatency(Candidates candidates, IntUnaryOperator random) {
        this.targets = candidates.targets;
        this.loads = candidates.loads;
        this.urn = candidates.weights;
        this.many = candidates.many();
        this.weights = new double[targets.length];
        for (int i = 0; i < targets.length; i++) {
            weights[i] = Latency.log2(urn.weight(i));
        }
        this.random = random;
    }

    @Override
    public Target pick(Selection selection, int limit) {
        return targets[many ? leastOfSample() : leastOfAll()];
    }

    private int leastOfSample() {
        int found = urn.draw(random);
        double least = cost(found);
        for (int n = 1; n < Candidates.SAMPLE; n++) {
            int drawn = urn.draw(random);
            double cost = cost(drawn);
            if (cost < least) {
                least = cost;
                found = drawn;
            }
        }
        return found;
    }

    /** Begins anywhere, since new backends are all alike. */
    private int leastOfAll() {
        int start = random.applyAsInt(targets.length);
        int best = leastBetween(start, targets.length, start);
        return leastBetween(0, start, best);
    }

    /** The index of the least cost of {@code best} and those from {@code from} to before {@code to}. */
    private int leastBetween(int from, int to, int best) {
        int found = best;
        double least = cost(best);
        for (int i = from; i < to; i++) {
            if (loads[i].latencyRank() - weights[i] < least) { // requests in flight can only add to it
                double cost = cost(i);
                if (cost < least) {
                    least = cost;
                    found = i;
                }
            }
        }
        return found;
    }

    private double cost(int index) {
        Load load = loads[index];
        int inFlight = load.inFlight();
        double rank = load.latencyRank();
        double waiting = inFlight < LOGARITHMS.length ? LOGARITHMS[inFlight] : Latency.log2(inFlight + 1.0);
        boolean unanswered = rank == Double.NEGATIVE_INFINITY && inFlight > 0;
        return (unanswered ? UNANSWERED : rank) + waiting - weights[index];
    }
}
