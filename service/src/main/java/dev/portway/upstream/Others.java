package dev.portway.upstream;

import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a target where the one chosen first is full, on trial or has failed the request already: of those that can take it,
 * the one with the fewest requests in flight for its weight. One on trial is found only where there is no other, and one that
 * has failed the request where there is none of those either.
 * Thread-safe; takes no lock and allocates nothing.
 */
final class Others {

    private final Target[] targets;
    private final Target[] steady; // not on trial
    private final IntUnaryOperator random;

    Others(Target[] targets, IntUnaryOperator random) {
        this.targets = targets;
        this.steady = Stream.of(targets).filter(target -> !target.onTrial()).toArray(Target[]::new);
        this.random = random;
    }

    /** A target that has counted the request in; null if all are full. */
    @Nullable
    Target begin(Selection selection, int limit) {
        Target found = steady.length == 0 ? null : begin(steady, selection, limit, false);
        if (found == null && steady.length < targets.length) {
            found = begin(targets, selection, limit, false);
        }
        return found == null ? begin(targets, selection, limit, true) : found;
    }

    private @Nullable Target begin(Target[] among, Selection selection, int limit, boolean again) {
        Target found = least(among, selection, limit, again);
        while (found != null && !found.begin(limit)) { // its last place was taken a moment ago
            found = least(among, selection, limit, again);
        }
        return found;
    }

    private @Nullable Target least(Target[] among, Selection selection, int limit, boolean again) {
        Target least = null;
        long load = 0;
        int start = random.applyAsInt(among.length); // anywhere, so that none of several is always the first
        for (int i = 0; i < among.length; i++) {
            Target target = among[(start + i) % among.length];
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
