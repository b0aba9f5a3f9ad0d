package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.HedgeConfig;
import dev.portway.routing.Route;
import dev.portway.transport.Deadlines;
import dev.portway.transport.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The moment at which a request that is not answered yet is sent to a second backend besides (decision 124). Confined to its loop. */
final class Hedge implements Deadlines.Bounded {

    /** Who answers sooner is not worth a second request, nor the timer's while. */
    private static final long LEAST_NANOS = Duration.ofMillis(1).toNanos();

    private final Deadlines deadlines;
    private final EventLoop loop;
    private final Runnable due;
    private final long deadline;

    private Hedge(Deadlines deadlines, EventLoop loop, Runnable due, long deadline) {
        this.deadlines = requireNonNull(deadlines, "deadlines");
        this.loop = requireNonNull(loop, "loop");
        this.due = requireNonNull(due, "due");
        this.deadline = deadline;
    }

    /**
     * Waits for the moment, as the route has it.
     *
     * @param began when the request was sent
     * @param due called on the loop
     * @return null where there is none: the route hedges nothing, or does not know yet what is usual
     */
    static @Nullable Hedge after(long began, Route route, ForwardHandler handler, EventLoop loop, Runnable due) {
        HedgeConfig rule = route.config().retry().hedge();
        if (rule == null) {
            return null;
        }
        Duration after = rule.after();
        long nanos = after == null ? route.upstream().answers().nanos() : after.toNanos();
        if (nanos == 0) {
            return null;
        }
        Hedge hedge = new Hedge(handler.hedges(), loop, due, began + Math.max(LEAST_NANOS, nanos));
        hedge.deadlines.begin(hedge);
        return hedge;
    }

    void end() {
        deadlines.end(this);
    }

    @Override
    public long getExpireNanoTime() {
        return deadline;
    }

    @Override
    public void expired() {
        loop.execute(() -> {
            end();
            due.run();
        });
    }
}
