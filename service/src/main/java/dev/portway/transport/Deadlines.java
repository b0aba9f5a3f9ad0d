package dev.portway.transport;

import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Watches the deadlines of all that is going on, with one timer for all of it. A deadline that moves away costs nothing;
 * one that comes nearer must be told by {@link #schedule}. Thread-safe.
 */
public final class Deadlines extends CyclicTimeouts<Deadlines.Bounded> {

    /** A nanosecond time that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private final Set<Bounded> running = ConcurrentHashMap.newKeySet();

    public Deadlines(Scheduler scheduler) {
        super(scheduler);
    }

    /** The time that is {@code duration} from now; never for none. */
    public static long after(Duration duration) {
        return duration.isZero() ? NEVER : NanoTime.now() + duration.toNanos();
    }

    public static long earlier(long one, long other) {
        if (one == NEVER || other == NEVER) {
            return one == NEVER ? other : one;
        }
        return NanoTime.isBefore(one, other) ? one : other;
    }

    public static boolean past(long time) {
        return time != NEVER && !NanoTime.isBefore(NanoTime.now(), time);
    }

    /** Begins to watch. */
    public void begin(Bounded bounded) {
        running.add(bounded);
        schedule(bounded);
    }

    /** Watches no longer. */
    public void end(Bounded bounded) {
        running.remove(bounded);
    }

    @Override
    protected Iterator<Bounded> iterator() {
        return running.iterator();
    }

    @Override
    protected boolean onExpired(Bounded bounded) {
        bounded.expired();
        return false;
    }

    /** Something with a deadline. */
    public interface Bounded extends Expirable {

        /** The deadline has passed, or had when it was last looked at; called on the timer's thread. */
        void expired();
    }
}
