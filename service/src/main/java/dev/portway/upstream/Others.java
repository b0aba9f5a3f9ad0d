package dev.portway.upstream;

import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds a target where the one chosen first is full or has failed the request already: of those that can take it, the one
 * with the fewest requests in flight for its weight. One that has failed it is found only where there is no other.
 * Thread-safe; takes no lock and allocates nothing.
 */
final class Others {

    private final Target[] targets;
    private final IntUnaryOperator random;

    Others(Target[] targets, IntUnaryOperator random) {
        this.targets = targets;
        this.random = random;
    }

    /** A target that has counted the request in; null if all are full. */
    @Nullable
    Target begin(Selection selection, int limit) {
        Target untried = begin(selection, limit, false);
        return untried == null ? begin(selection, limit, true) : untried;
    }

    private @Nullable Target begin(Selection selection, int limit, boolean again) {
        Target found = least(selection, limit, again);
        while (found != null && !found.begin(limit)) { // its last place was taken a moment ago
            found = least(selection, limit, again);
        }
        return found;
    }

    private @Nullable Target least(Selection selection, int limit, boolean again) {
        Target least = null;
        long load = 0;
        int start = random.applyAsInt(targets.length); // anywhere, so that none of several is always the first
        for (int i = 0; i < targets.length; i++) {
            Target target = targets[(start + i) % targets.length];
            long inFlight = target.backend().inFlight();
            boolean less = least == null || inFlight * least.weight() < load * target.weight();
            if (less && target.open(limit) && (again || !selection.tried(target.backend()))) {
                least = target;
                load = inFlight;
            }
        }
        return least;
    }
}
