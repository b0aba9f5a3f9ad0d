package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.RefusedException;
import dev.portway.transport.Deadlines;
import dev.portway.upstream.Target;
import dev.portway.upstream.Upstream;
import dev.portway.upstream.Wait;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a request waits for a target: until one has taken it, the time is up, the client leaves or the proxy
 * stops. Its request is told of exactly one of these. Confined to the loop, but for what says otherwise.
 */
final class Waiting extends Deadlines.Bounded {

    private static final Failure LEFT =
            new Failure(ProxyError.CLIENT_CLOSED, "the client closed the connection while its request waited");

    private final Delivery delivery;
    private final PendingRequest pending;
    private final WaitingRoom room;
    private final Wait.For reason;
    private final long deadline;
    private final Failure inVain;
    private final long arrival;
    private @Nullable HeldBody body; // null where there is none
    private @Nullable Upstream upstream; // of the wait
    private @Nullable Wait wait; // the last one, as the targets of the route are edited; null before it begins
    private @Nullable Failure broken; // null while the body may be read on
    private boolean over;

    /**
     * A time that has yet to begin.
     *
     * @param reason of the wait
     * @param deadline when it is up at the latest
     * @param inVain what the client is told then
     */
    Waiting(Delivery delivery, PendingRequest pending, Wait.For reason, long deadline, Failure inVain) {
        this.delivery = requireNonNull(delivery, "delivery");
        this.pending = requireNonNull(pending, "pending");
        this.room = delivery.handler().waitingRoom();
        this.reason = requireNonNull(reason, "reason");
        this.deadline = deadline;
        this.inVain = requireNonNull(inVain, "inVain");
        this.arrival = room.arrival();
    }

    /** Grows from one to the next that comes. */
    long arrival() {
        return arrival;
    }

    Wait.For reason() {
        return reason;
    }

    /**
     * Begins, if there is room.
     *
     * @param most that may wait for a place at the same targets
     */
    boolean begin(int most) {
        if (!room.enter(this)) {
            return false;
        }
        wait = await(delivery.upstream(), most);
        if (wait == null) {
            room.leave(this);
            return false;
        }
        delivery.loop().deadlines().begin(this);
        if (delivery.hasBody()) {
            body = new HeldBody(delivery.exchange(), room, delivery.reply().client()::bodyRead, this::bodyBroken);
            body.begin();
        } else {
            delivery.reply().client().bodyRead();
        }
        if (!over) {
            stand();
        }
        return true;
    }

    private @Nullable Wait await(Upstream targets, int most) {
        upstream = targets;
        return targets.await(reason, delivery.limit(), most, this::served);
    }

    private void stand() {
        requireNonNull(wait).begin();
        requireNonNull(upstream).targets().forEach(target -> room.watch(target.backend()));
    }

    /** There is another table: if the route has other targets there, it waits for these from here on; called by any thread. */
    void edited() {
        try {
            delivery.loop().execute(() -> {
                Upstream now = delivery.upstream();
                if (!over && wait != null && !now.equals(upstream) && wait.leave()) {
                    move(now);
                }
            });
        } catch (RejectedExecutionException stopped) {
            // Nobody waits any more.
        }
    }

    private void move(Upstream now) {
        wait = await(now, Integer.MAX_VALUE); // it had its place in the queue
        stand();
        if (Deadlines.past(deadline)) {
            leave(inVain); // the timer may have come while a target had taken it
        }
    }

    /** A target has counted the request in; called by any thread. */
    private void served(Target target) {
        try {
            delivery.loop().execute(() -> {
                Upstream now = delivery.upstream();
                if (broken == null && !delivery.gone() && !now.equals(upstream) && !room.isShutdown()) {
                    target.notSent(); // the route may not have it any more
                    move(now);
                    return;
                }
                end();
                if (broken == null) {
                    delivery.attempt(target, requireNonNull(upstream));
                } else {
                    target.notSent();
                    pending.waitedInVain(broken);
                }
            });
        } catch (RejectedExecutionException stopped) {
            target.notSent();
        }
    }

    @Override
    protected long due() {
        return deadline;
    }

    @Override
    protected void expired() {
        leave(inVain);
    }

    /** The proxy stops; called by any thread. */
    void dismiss() {
        delivery.loop().execute(() -> leave(WaitingRoom.STOPPING));
    }

    void clientGone() {
        leave(LEFT);
    }

    private void bodyBroken(Throwable failure) {
        broken = failure instanceof RefusedException refused
                ? refused.failure()
                : delivery.reply().client().answerable() ? Failures.MALFORMED_BODY : LEFT;
        leave(broken);
    }

    /** Unless a target has taken it, of which the delivery is about to be told. */
    private void leave(Failure failure) {
        if (!over && wait != null && wait.leave()) {
            end();
            pending.waitedInVain(failure);
        }
    }

    private void end() {
        over = true;
        delivery.loop().deadlines().end(this);
        if (body != null) {
            body.end();
        }
        room.leave(this);
    }
}
