package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The wait of one request until a target of its route takes it. It stands in the {@link Line} of every target's backend; the
 * first one that takes it is told, and it is in no line any more. Thread-safe.
 */
public final class Wait {

    private final Upstream upstream;
    private final For reason;
    private final int limit;
    private final Consumer<Target> outcome;
    private final AtomicBoolean over = new AtomicBoolean();

    Wait(Upstream upstream, For reason, int limit, Consumer<Target> outcome) {
        this.upstream = requireNonNull(upstream, "upstream");
        this.reason = requireNonNull(reason, "reason");
        this.limit = limit;
        this.outcome = requireNonNull(outcome, "outcome");
    }

    /** What it waits for. */
    public enum For {
        /** A place at a target that may be chosen. */
        PLACE,
        /** That something listens at a target which a person has not taken out, and for a place there. */
        LISTENER
    }

    /** Joins the lines; the outcome may be told before this returns. */
    public void begin() {
        for (Target target : upstream.all()) {
            target.backend().line().join(this, target);
        }
        // What has become free before it stood in line, nobody has told it of.
        for (Target target : upstream.all()) {
            target.backend().serveLine();
        }
        if (over()) {
            leaveLines(); // those that it joined when another had taken it
        }
    }

    /**
     * Gives up.
     *
     * @return whether it was still waiting; if not, the outcome has been told, or will be at once, and the target has
     *     counted the request in
     */
    public boolean leave() {
        boolean waiting = claim();
        if (waiting) {
            end();
        }
        return waiting;
    }

    /** Ends it, once, for whoever asks first. */
    boolean claim() {
        return over.compareAndSet(false, true);
    }

    boolean over() {
        return over.get();
    }

    /** Whether {@code target} takes the request now, which is then counted in there. */
    boolean takenBy(Target target) {
        return switch (reason) {
            case PLACE -> upstream.takes(target, limit);
            case LISTENER -> target.enabled() && !target.backend().silent() && target.begin(limit);
        };
    }

    /** It is claimed, and counted in at {@code target}. */
    void served(Target target) {
        end();
        outcome.accept(target);
    }

    private void end() {
        leaveLines();
        upstream.left(reason);
    }

    private void leaveLines() {
        for (Target target : upstream.all()) {
            target.backend().line().leave(this);
        }
    }
}
