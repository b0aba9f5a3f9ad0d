package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.QueueConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.routing.Route;
import dev.portway.transport.Deadlines;
import dev.portway.upstream.Pick;
import dev.portway.upstream.Upstream;
import dev.portway.upstream.Wait;
import org.jspecify.annotations.Nullable;

/**
 * A request that no target takes at this moment: it waits for a place where all are full (decision 122) or until something listens
 * (decision 121), as far as its route lets it, or it is answered why. Made when a request first comes to that, and kept, since what
 * is held twice has the time of the first. Confined to the loop of the client's connection.
 */
final class PendingRequest {

    private final Delivery delivery;
    private @Nullable Waiting waiting; // null while it waits for no target
    private @Nullable Hold hold; // null where something has listened so far

    PendingRequest(Delivery delivery) {
        this.delivery = requireNonNull(delivery, "delivery");
    }

    /** Whether requests of {@code route} are held where nothing listens. */
    static boolean holds(Route route) {
        return !route.config().waitForBackend().isZero();
    }

    /** None was picked of these targets. */
    void unserved(Pick.Nobody reason, Upstream upstream) {
        Route route = delivery.route();
        QueueConfig queue = route.config().queue();
        Failure failure = Unserved.because(reason, upstream, delivery.limit());
        if (reason == Pick.Nobody.FULL && holds(route) && upstream.silent()) {
            hold(Failures.NOBODY_LISTENS); // the places are those of requests that are about to be held, too
        } else if (queue == null || reason == Pick.Nobody.TAKEN_OUT || !queue(queue, failure)) {
            waitedInVain(failure);
        }
    }

    private boolean queue(QueueConfig queue, Failure failure) {
        long until = Deadlines.earlier(Deadlines.after(queue.patience()), delivery.deadline());
        return await(Wait.For.PLACE, until, queue.requests(), failure);
    }

    /** Nothing listens at any of them, where the route {@link #holds} requests. */
    void hold(Failure failure) {
        if (hold == null) {
            hold = Hold.of(delivery.exchange(), delivery.route().config().waitForBackend(), delivery.deadline());
        }
        if (Deadlines.past(hold.until())) {
            waitedInVain(failure);
        } else if (!await(Wait.For.LISTENER, hold.until(), 0, failure)) {
            waitedInVain(delivery.handler().waitingRoom().refusal());
        }
    }

    /** Waits for a target, if there is room; then either {@link Delivery#attempt} follows or {@link #waitedInVain}. */
    private boolean await(Wait.For reason, long until, int most, Failure inVain) {
        Waiting next = new Waiting(delivery, this, reason, until, inVain);
        waiting = next;
        return next.begin(most);
    }

    /** A target has taken it. */
    void taken() {
        waiting = null;
    }

    void waitedInVain(Failure failure) {
        waiting = null;
        if (hold != null && hold.reloads() && failure.error() != ProxyError.CLIENT_CLOSED) {
            delivery.reload(failure);
        } else {
            delivery.untaken(failure);
        }
    }

    /**
     * Ends the wait, if there is one.
     *
     * @return whether there was
     */
    boolean clientGone() {
        if (waiting == null) {
            return false;
        }
        waiting.clientGone();
        return true;
    }
}
