package dev.portway.upstream;

import dev.portway.config.HashKey;
import org.jspecify.annotations.Nullable;

/**
 * The same target for the same key, as long as it has no more than its share of the requests in flight and a quarter;
 * beyond that the next on the ring, which is the same for the same key too (Mirrokni, Thorup and Zadimoghaddam,
 * "Consistent Hashing with Bounded Loads", 2016).
 */
final class ConsistentHash implements LoadBalancer {

    private static final double MOST_OF_SHARE = 1.25;

    /** Points looked at for each target before the search is given up: by then nearly all targets are full. */
    private static final int LOOKS = 8;

    /** Picks for which a sum of the requests in flight is good enough, so that most picks need not look at all targets. */
    private static final int SUM_LASTS = 32;

    private final Candidates candidates;
    private final HashKey key;
    private final HashRing ring;
    private final double[] bounds; // of requests in flight, for each in flight to all; by the index of the target
    private int sum; // any thread writes it and an old one does no harm: it is made anew before a target is passed over
    private int picks; // likewise, since the sum was made

    ConsistentHash(Candidates candidates, HashKey key, HashRing ring) {
        this.candidates = candidates;
        this.key = key;
        this.ring = ring;
        this.bounds = new double[candidates.size()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = MOST_OF_SHARE * candidates.weights.weight(i) / candidates.weights.total();
        }
    }

    @Override
    public Target pick(Selection selection, int limit) {
        int home = ring.pointBehind(Hashes.of(keyOf(selection)));
        if (++picks > SUM_LASTS) {
            sum = inFlight();
            picks = 0;
        }
        int owner = ring.owner(home);
        if (!within(owner, sum)) {
            sum = inFlight();
        }
        return takes(owner, selection, limit) ? candidates.targets[owner] : behind(home, selection, limit);
    }

    /** The first behind this point that takes the request; if none is found, whose the point is. */
    private Target behind(int home, Selection selection, int limit) {
        int point = home;
        for (int n = LOOKS * candidates.size(); n > 0; n--) {
            point = ring.next(point);
            int owner = ring.owner(point);
            if (owner != ring.owner(home) && takes(owner, selection, limit)) {
                return candidates.targets[owner];
            }
        }
        return candidates.targets[ring.owner(home)];
    }

    private boolean takes(int index, Selection selection, int limit) {
        Target target = candidates.targets[index];
        // On trial it takes few, and those it does not take stay together, too.
        return within(index, sum) && target.open(limit) && target.due() && !selection.tried(target.backend());
    }

    /** Whether one more would be within the bound, which is never below one request. */
    private boolean within(int index, int all) {
        return candidates.loads[index].inFlight() < Math.ceil((all + 1) * bounds[index]);
    }

    private int inFlight() {
        int all = 0;
        for (Load load : candidates.loads) {
            all += load.inFlight();
        }
        return all;
    }

    private String keyOf(Selection selection) {
        @Nullable
        String value = switch (key.part()) {
            case CLIENT -> null;
            case PATH -> selection.path();
            case HEADER -> selection.header(key.name());
            case COOKIE -> selection.cookie(key.name());
        };
        return value == null ? selection.clientAddress() : value;
    }
}
