package dev.portway.upstream;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a target where the one chosen first is full, on trial or has failed the request already: of those that can take it,
 * the one with the fewest requests in flight for its weight. One on trial is found only where there is no other, and one that
 * has failed the request where there is none of those either.
 * Thread-safe; takes no lock and allocates nothing.
 */
final class Others {

    private final Candidates candidates;
    private final int[] all; // indices of candidates
    private final int[] steady; // those not on trial
    private final IntUnaryOperator random;

    Others(Candidates candidates, IntUnaryOperator random) {
        this.candidates = candidates;
        this.all = IntStream.range(0, candidates.size()).toArray();
        this.steady = IntStream.of(all)
                .filter(index -> !candidates.targets[index].onTrial())
                .toArray();
        this.random = random;
    }

    /** Whether there is any that is not on trial. */
    boolean steady() {
        return steady.length > 0;
    }

    /** A target that has counted the request in; null if all are full. */
    @Nullable
    Target begin(Selection selection, int limit) {
        Target untried = beginUntried(selection, limit);
        return untried == null ? begin(all, selection, limit, true) : untried;
    }

    /** One that has not failed the request; null if all have, or are full. */
    @Nullable
    Target beginUntried(Selection selection, int limit) {
        Target found = steady.length == 0 ? null : begin(steady, selection, limit, false);
        if (found == null && steady.length < all.length) {
            found = begin(all, selection, limit, false);
        }
        return found;
    }

    private @Nullable Target begin(int[] among, Selection selection, int limit, boolean again) {
        Target found = least(among, selection, limit, again);
        while (found != null && !found.begin(limit)) { // its last place was taken a moment ago
            found = least(among, selection, limit, again);
        }
        return found;
    }

    private @Nullable Target least(int[] among, Selection selection, int limit, boolean again) {
        Target least = null;
        long load = 0;
        long weight = 1;
        int start = random.applyAsInt(among.length); // anywhere, so that none of several is always the first
        for (int i = 0; i < among.length; i++) {
            int index = among[(start + i) % among.length];
            Target target = candidates.targets[index];
            long inFlight = target.backend().inFlight();
            boolean less = least == null || inFlight * weight < load * candidates.weights.weight(index);
            if (less && target.open(limit) && (again || !selection.tried(target.backend()))) {
                least = target;
                load = inFlight;
                weight = candidates.weights.weight(index);
            }
        }
        return least;
    }
}
