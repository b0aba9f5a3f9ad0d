package dev.portway.upstream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Each target in turn. Over every full rotation, as many picks as the weights in lowest terms add up to, each is picked
 * exactly as often as its weight says, also by several threads at once; a heavy one's turns are spread over the rotation.
 */
final class RoundRobin implements LoadBalancer {

    /** The most work, in steps, that goes into writing a rotation down; a longer one is calculated turn by turn. */
    private static final long MOST_STEPS = 1 << 18;

    private static final double GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

    private final Target[] targets;
    private final AtomicLong turn;
    private final Weights weights;
    private final int[] rotation; // indices of targets; empty where it is too long
    private final int stride;

    /** @param turn counts on when the candidates change */
    RoundRobin(Candidates candidates, AtomicLong turn) {
        this.targets = candidates.targets;
        this.turn = turn;
        this.weights = candidates.weights;
        boolean written = !weights.equal() && (long) weights.size() * weights.total() <= MOST_STEPS;
        this.rotation = written ? smooth(weights) : new int[0];
        this.stride = goldenStride(weights.total());
    }

    @Override
    public Target pick(Selection selection, int limit) {
        int place = (int) (turn.getAndIncrement() % weights.total());
        if (rotation.length > 0) {
            return targets[rotation[place]];
        }
        return weights.equal() ? targets[place] : targets[weights.at((int) ((long) place * stride % weights.total()))];
    }

    /** nginx's order: at every turn each target gains its weight, and the richest is picked and pays the total. */
    private static int[] smooth(Weights weights) {
        int[] rotation = new int[weights.total()];
        int[] credit = new int[weights.size()];
        for (int place = 0; place < rotation.length; place++) {
            int richest = 0;
            for (int i = 0; i < credit.length; i++) {
                credit[i] += weights.weight(i);
                if (credit[i] > credit[richest]) {
                    richest = i;
                }
            }
            credit[richest] -= rotation.length;
            rotation[place] = richest;
        }
        return rotation;
    }

    /**
     * A step that comes by every point of a circle of this length once, and spreads any few successive steps over it: its
     * ratio to the length is close to the golden one.
     */
    private static int goldenStride(int length) {
        int stride = (int) (length / GOLDEN_RATIO);
        while (stride > 1 && Weights.gcd(stride, length) != 1) {
            stride--;
        }
        return Math.max(1, stride);
    }
}
