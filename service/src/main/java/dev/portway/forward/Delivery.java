package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.QueueConfig;
import dev.portway.config.TimeoutsConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyExchange;
import dev.portway.routing.Route;
import dev.portway.transport.Deadlines;
import dev.portway.transport.EventLoop;
import dev.portway.upstream.Pick;
import dev.portway.upstream.Target;
import dev.portway.upstream.Upstream;
import java.net.ProtocolException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request and the backends it is sent to, one after the other, until one has answered or there is none left to ask; where
 * the route hedges, a second one beside the first (decision 124):
 *
 * <ol>
 *   <li>a target is picked, and the request counted in at its backend (503 if there is none, or all are full); where all
 *       are full it may wait for a place;
 *   <li>an {@link Attempt} sends it there;
 *   <li>where that fails, or the answer is unwelcome, another follows, as far as the route's {@code retry} goes and the
 *       {@link Loss} lets it (decision 120); where nothing listens anywhere it may wait until something does (decision 121);
 *   <li>the end of the answer, or the last failure, completes the client's response.
 * </ol>
 *
 * <p>Whatever happens, the client is answered once, by its {@link Reply}. Waiting is {@link PendingRequest}'s business, where a
 * request goes that is sent once more {@link Retry}'s, a second attempt beside the first {@link Hedge}'s. Confined to the loop of the client's connection.
 */
final class Delivery {

    private final ForwardHandler handler;
    private final ProxyExchange exchange;
    private final Route route;
    private final TimeoutsConfig timeouts;
    private final EventLoop loop;
    private final Reply reply;
    private final long deadline;
    private final boolean hasBody;
    private @Nullable Upstream among; // which the last target was chosen; null before the first
    private @Nullable Attempt attempt; // the last one; null before the first
    private @Nullable Retry retry; // null before one is considered
    private @Nullable Hedge hedge; // null where no second attempt is beside that, nor can follow
    private long sentNanos; // the first attempt began
    private boolean failed; // an attempt
    private @Nullable PendingRequest pending; // null where a target has taken it whenever it was to be sent
    private @Nullable ClientGoneException gone;

    /**
     * A delivery that has yet to begin.
     *
     * @param timeouts that hold for it
     * @param response to the client
     * @param callback completed when the exchange is over
     */
    Delivery(
            ForwardHandler handler,
            ProxyExchange exchange,
            TimeoutsConfig timeouts,
            Response response,
            Callback callback) {
        this.handler = requireNonNull(handler, "handler");
        this.exchange = requireNonNull(exchange, "exchange");
        this.route = requireNonNull(exchange.route());
        this.timeouts = requireNonNull(timeouts, "timeouts");
        this.loop = EventLoop.of(exchange);
        this.reply = new Reply(handler, exchange, response, callback);
        this.deadline = Deadlines.after(timeouts.request());
        // One that the route or the program says is sent by itself, and as often as need be.
        this.hasBody = !exchange.sendsOwnBody() && exchange.hasBody();
    }

    // What an attempt needs of it.

    ForwardHandler handler() {
        return handler;
    }

    ProxyExchange exchange() {
        return exchange;
    }

    Route route() {
        return route;
    }

    TimeoutsConfig timeouts() {
        return timeouts;
    }

    /** The route's targets, as they are by now: they may be edited while the request is under way. */
    Upstream upstream() {
        return handler.table().upstreamOf(route);
    }

    /** Those among which the target of the attempt that begins was chosen. */
    Upstream among() {
        return requireNonNull(among);
    }

    /** Another target was chosen, among these. */
    void chosenAmong(Upstream from) {
        among = from;
    }

    EventLoop loop() {
        return loop;
    }

    Reply reply() {
        return reply;
    }

    /** The last one, of which there is one. */
    Attempt attempt() {
        return requireNonNull(attempt);
    }

    Retry retry() {
        if (retry == null) {
            retry = new Retry(this);
        }
        return retry;
    }

    /** Whether the client has left. */
    boolean gone() {
        return gone != null;
    }

    /** Of all attempts together. */
    long deadline() {
        return deadline;
    }

    boolean hasBody() {
        return hasBody;
    }

    // 1. The first target.

    void begin() {
        route.retries().requested(exchange.startedNanos());
        reply.client().forwarding(() -> loop.execute(this::clientGone));
        QueueConfig queue = route.config().queue();
        Upstream upstream = upstream();
        // Who comes now does not overtake those who wait.
        boolean last = queue != null && upstream.queued() > 0 && !upstream.takenOut();
        Pick pick = last ? Pick.Nobody.FULL : upstream.pick(exchange, limit());
        if (pick instanceof Target target) {
            attempt(target, upstream);
        } else {
            pending().unserved((Pick.Nobody) pick, upstream);
        }
    }

    private PendingRequest pending() {
        if (pending == null) {
            pending = new PendingRequest(this);
        }
        return pending;
    }

    /** No target has taken it. */
    void untaken(Failure failure) {
        fail(failure, gone == null ? new ClientGoneException(null) : gone);
    }

    /** The same, where a page that asks again is an answer. */
    void reload(Failure failure) {
        endHedge();
        reply.reload(failure);
    }

    int limit() {
        return handler.limits().backendConnections();
    }

    // 2. An attempt.

    /**
     * Sends the request to {@code target}, where it is counted in.
     *
     * @param from among which it was chosen
     */
    void attempt(Target target, Upstream from) {
        chosenAmong(from);
        attempt(target);
    }

    /** Sends the request to the target that was chosen last, where it is counted in. */
    void attempt(Target target) {
        if (pending != null) {
            pending.taken();
        }
        if (gone != null) {
            notSent(target);
            fail(Failures.of(gone, target.backend().identity().url(), timeouts, true), gone);
            return;
        }
        if (exchange.protocol() != null && !Upgrade.possible(target)) {
            notSent(target);
            Failure failure = Unserved.withoutWebSockets(target);
            fail(failure, new ProtocolException(failure.cause()));
            return;
        }
        exchange.attempt(target);
        try {
            attempt = new Attempt(this, target);
        } catch (RuntimeException e) {
            notSent(target);
            broke(e);
            return;
        }
        if (retry != null) {
            retry.begun();
        }
        if (exchange.attempts() == 1 && timed()) {
            sentNanos = System.nanoTime();
            hedge = Hedge.after(sentNanos, this);
        }
        attempt.begin();
    }

    /** Whether its time is worth comparing with that of others: a request that only asks for something. */
    private boolean timed() {
        return upstream().targets().size() > 1
                && !hasBody
                && exchange.asksOnly()
                && !attempt().upgrades();
    }

    /** The request is not sent to {@code target} after all. */
    void notSent(Target target) {
        target.notSent();
        if (retry != null) {
            retry.giveBack();
        }
    }

    /** Whether the answer of {@code one} is given up for that of the other that is still to come. */
    boolean passesOver(Attempt one, int status) {
        return hedge != null && hedge.passesOver(one, status);
    }

    /** The head of the answer is in, by {@code first}: the other one is not needed any more. */
    void answered(Attempt first, int status) {
        if (sentNanos != 0 && !failed && status < HttpStatus.INTERNAL_SERVER_ERROR_500) {
            upstream().answers().record(System.nanoTime() - sentNanos);
        }
        if (hedge != null) {
            hedge.answered(first);
            hedge = null;
        }
    }

    /** Of two attempts this one is left. */
    void goOn(Attempt left) {
        attempt = left;
        exchange.goOn(left.target());
    }

    private void endHedge() {
        if (hedge != null) {
            hedge.end();
            hedge = null;
        }
    }

    /** What nobody expected has happened, and no attempt is under way. */
    void broke(RuntimeException thrown) {
        endHedge();
        reply.broke(thrown);
    }

    /** The client has closed its end: unless it has had all it was promised, there is no use in going on. */
    private void clientGone() {
        if (!reply.promiseKept()) {
            clientGone(null);
        }
    }

    void clientGone(@Nullable Throwable cause) {
        gone = new ClientGoneException(cause);
        boolean waited = pending != null && pending.clientGone();
        if (!waited && attempt != null) {
            if (hedge != null) {
                hedge.clientGone();
            }
            attempt.abort(gone);
        }
    }

    // 3. Another one.

    /** Whether the body must be kept while it is read, because it may have to be sent again. */
    boolean repeatable(boolean reused, boolean multiplexed) {
        return multiplexed
                || (exchange.idempotent() && (reused || route.config().retry().attempts() > 1));
    }

    /**
     * Where a request goes whose answer is {@code status} and must not be passed on; it is counted in there.
     *
     * @return null where the answer is to be passed on
     */
    @Nullable
    Target insteadOf(int status) {
        Target next = route.config().retry().unwelcome(status) ? retry().next(Loss.UNWELCOME) : null;
        if (next != null) {
            exchange.lost(requireNonNull(exchange.target()), status, null);
            retry().replay(Loss.UNWELCOME);
        }
        return next;
    }

    private void again(Loss loss, Target target) {
        retry().replay(loss);
        attempt(target);
    }

    /** An attempt has failed, and has ended. */
    void failed(Attempt one, Loss loss, Failure failure, Throwable cause) {
        Target target = one.target();
        failed = true;
        if (hedge != null && hedge.paired()) {
            if (loss != Loss.KEPT) {
                exchange.lost(target, 0, failure.error());
                one.outcome().failed(loss, failure);
            }
            hedge.goOnWithout(one);
            return;
        }
        Target same = loss == Loss.KEPT ? retry().same(target, loss) : null;
        if (same != null) {
            again(loss, same);
            return;
        }
        one.outcome().failed(loss, failure);
        Target next = retry().next(loss);
        if (next == null && loss == Loss.UNTOUCHED) {
            next = retry().same(target, loss);
        }
        if (next != null) {
            exchange.lost(target, 0, failure.error());
            again(loss, next);
        } else if (loss == Loss.UNSENT && Failures.nobodyListens(failure) && PendingRequest.holds(route)) {
            target.backend().unheard();
            pending().hold(failure);
        } else {
            fail(failure, cause);
        }
    }

    // 4. The end.

    /** Nothing more is expected of a backend. */
    void forwarded() {
        endHedge();
        reply.forwarded();
    }

    private void fail(Failure failure, Throwable cause) {
        endHedge();
        reply.fail(failure, cause);
    }
}
