package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What lasts at one backend, and ends when a person sets that down (decision 125). Once an edit has put another backend in its
 * place, what is here is there as well, and so is what still comes: of a request that was sent before the edit.
 *
 * <p>Thread-safe, takes no lock. Whoever adds looks at the state afterwards, and whoever changes the state looks at the set
 * afterwards: so what is added while the backend is set down is told once at least, maybe twice.
 */
public final class LastingWork {

    private final AdministrativeState state;
    private final Set<Lasting> all = ConcurrentHashMap.newKeySet();
    private volatile @Nullable LastingWork successor; // written by the pool under its lock, read by any thread

    LastingWork(AdministrativeState state) {
        this.state = requireNonNull(state, "state");
    }

    /** Takes note of what lasts; it is told when the backend is set down, before or after, until it is {@link #remove removed}. */
    public void add(Lasting work) {
        LastingWork last = this;
        for (LastingWork at = this; at != null; at = at.successor) {
            at.all.add(work);
            last = at;
        }
        if (last.state.down(work.routeId())) {
            work.takenDown();
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    public void remove(Lasting work) {
        for (LastingWork at = this; at != null; at = at.successor) {
            at.all.remove(work);
        }
    }

    /** Hands all over to those of another at the same place: nobody can set this one down any more. */
    void succeededBy(LastingWork next) {
        successor = next;
        for (Lasting work : all) {
            next.add(work);
            if (!all.contains(work)) { // it ended between the two
                next.remove(work);
            }
        }
    }

    /** Tells those for which the state has come to be down; to be called after it was set. */
    void endWhatIsDown() {
        for (Lasting work : all) {
            if (state.down(work.routeId())) {
                work.takenDown();
            }
        }
    }
}
