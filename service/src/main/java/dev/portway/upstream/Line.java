package dev.portway.upstream;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one backend, of whatever route, in the order in which they came. Whoever gives a place back serves the
 * line: the first that may have the place gets it, before anyone who comes later can. Thread-safe; while nobody waits it costs
 * one volatile read.
 */
final class Line {

    private final Map<Wait, Target> waits = new LinkedHashMap<>(); // guarded by this
    private volatile int length; // written under the lock, read by any thread

    synchronized void join(Wait wait, Target target) {
        waits.putIfAbsent(wait, target);
        length = waits.size();
    }

    synchronized void leave(Wait wait) {
        waits.remove(wait);
        length = waits.size();
    }

    int length() {
        return length;
    }

    /** Lets go all that are taken now; each is told outside of the lock. */
    void serve() {
        while (length > 0) {
            Served served = next();
            if (served == null) {
                return;
            }
            served.who.served(served.target);
        }
    }

    /** The first that its target takes, claimed; null for none. */
    private synchronized @Nullable Served next() {
        for (Iterator<Map.Entry<Wait, Target>> all = waits.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Wait, Target> entry = all.next();
            Wait wait = entry.getKey();
            Target target = entry.getValue();
            if (wait.over()) {
                all.remove();
            } else if (wait.takenBy(target)) {
                all.remove();
                if (wait.claim()) {
                    length = waits.size();
                    return new Served(wait, target);
                }
                target.takeBack(); // it has left at this moment, and the place is the next one's
            }
        }
        length = waits.size();
        return null;
    }

    private record Served(Wait who, Target target) {}
}
