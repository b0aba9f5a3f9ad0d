package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the deadlines of all that goes on at one loop, with one timer for all of it. A deadline that moves away costs nothing;
 * one that comes nearer must be told by {@link #moved}. Confined to the loop: what is told by another thread, as where the proxy
 * stops, is told there.
 */
public final class Deadlines {

    /** A nanosecond time that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    private final EventLoop loop;
    private final Scheduler scheduler;
    private final long grainNanos;
    private @Nullable Bounded first;
    private long nextLook = NEVER; // when the timer comes
    private Scheduler.@Nullable Task timer; // null while nothing has a deadline

    /** @param grain how long it does not look after it has: many that end one after the other are told together */
    Deadlines(EventLoop loop, Scheduler scheduler, Duration grain) {
        this.loop = requireNonNull(loop, "loop");
        this.scheduler = requireNonNull(scheduler, "scheduler");
        this.grainNanos = grain.toNanos();
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
        return past(time, NanoTime.now());
    }

    private static boolean past(long time, long now) {
        return time != NEVER && !NanoTime.isBefore(now, time);
    }

    /** Begins to watch. */
    public void begin(Bounded bounded) {
        if (!loop.inside()) {
            there(() -> begin(bounded));
            return;
        }
        if (bounded.watched) {
            throw new IllegalStateException("bounded: is watched already (expected: one that is not)");
        }
        bounded.watched = true;
        bounded.next = first;
        if (first != null) {
            first.previous = bounded;
        }
        first = bounded;
        moved(bounded);
    }

    /** Watches no longer, if it did. */
    public void end(Bounded bounded) {
        if (!loop.inside()) {
            there(() -> end(bounded));
            return;
        }
        if (!bounded.watched) {
            return;
        }
        bounded.watched = false;
        if (bounded.previous == null) {
            first = bounded.next;
        } else {
            bounded.previous.next = bounded.next;
        }
        if (bounded.next != null) {
            bounded.next.previous = bounded.previous;
        }
        bounded.previous = null;
        bounded.next = null;
    }

    /** A deadline may have come nearer. */
    public void moved(Bounded bounded) {
        if (!loop.inside()) {
            there(() -> moved(bounded));
        } else if (bounded.watched) {
            lookBy(bounded.due());
        }
    }

    private void there(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            // With its loop, all that was watched is over.
        }
    }

    private void lookBy(long time) {
        if (time == NEVER || (timer != null && !NanoTime.isBefore(time, nextLook))) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        nextLook = time;
        timer = scheduler.schedule(() -> there(this::look), Math.max(0, NanoTime.until(time)), TimeUnit.NANOSECONDS);
    }

    private void look() {
        long now = NanoTime.now();
        if (timer != null) {
            timer.cancel(); // of another look, where a deadline came nearer when this one was on its way
            timer = null;
        }
        List<Bounded> over = new ArrayList<>();
        for (Bounded bounded = first; bounded != null; bounded = bounded.next) {
            if (past(bounded.due(), now)) {
                over.add(bounded);
            }
        }
        over.sort(Comparator.comparingLong(bounded -> bounded.due() - now));
        for (Bounded bounded : over) {
            if (bounded.watched && past(bounded.due(), now)) { // unless one of those before it was its end
                tell(bounded);
            }
        }
        long earliest = NEVER;
        for (Bounded bounded = first; bounded != null; bounded = bounded.next) {
            if (!past(bounded.due(), now)) {
                earliest = earlier(earliest, bounded.due());
            }
        }
        if (earliest != NEVER) {
            lookBy(now + Math.max(earliest - now, grainNanos));
        }
    }

    /** One that fails must not keep the others from being told. */
    private static void tell(Bounded bounded) {
        try {
            bounded.expired();
        } catch (RuntimeException | Error failure) {
            LOG.error("a deadline's end failed", failure);
        }
    }

    /** Something with a deadline. Confined to the loop. */
    public abstract static class Bounded {

        private @Nullable Bounded previous;
        private @Nullable Bounded next;
        private boolean watched;

        /** The deadline: a time of {@link System#nanoTime}, or {@link Deadlines#NEVER}. */
        protected abstract long due();

        /** The deadline has passed. Whoever leaves it as it is is told again when others are looked at. */
        protected abstract void expired();
    }
}
