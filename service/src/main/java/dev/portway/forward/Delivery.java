package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.QueueConfig;
import dev.portway.config.RetryConfig;
import dev.portway.config.TimeoutsConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.RefusedException;
import dev.portway.routing.Route;
import dev.portway.transport.ClientLink;
import dev.portway.transport.Deadlines;
import dev.portway.transport.EventLoop;
import dev.portway.upstream.Pick;
import dev.portway.upstream.Target;
import dev.portway.upstream.Upstream;
import dev.portway.upstream.Wait;
import java.net.ProtocolException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
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
 * <p>Whatever happens, the client is answered once. Confined to the loop of the client's connection.
 */
final class Delivery {

    private final ForwardHandler handler;
    private final ProxyExchange exchange;
    private final Route route;
    private final TimeoutsConfig timeouts;
    private final Response proxyToClientResponse;
    private final Callback proxyToClientCallback;
    private final EventLoop loop;
    private final ClientLink client;
    private final long deadline;
    private final boolean hasBody;
    private final InterimResponses interims = new InterimResponses();
    private @Nullable Upstream among; // which the last target was chosen; null before the first
    private boolean charged; // to the retry budget: the target that is chosen
    private @Nullable Attempt attempt; // the last one; null before the first
    private @Nullable Attempt rival; // that goes on beside it; null for none
    private @Nullable Hedge hedge; // null where none can follow
    private long sentNanos; // the first attempt began
    private boolean failed; // an attempt
    private @Nullable Waiting waiting; // null while it waits for no target
    private @Nullable Hold hold; // null where something has listened so far
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
        this.proxyToClientResponse = requireNonNull(response, "response");
        this.proxyToClientCallback = requireNonNull(callback, "callback");
        this.loop = EventLoop.of(exchange);
        this.client = ClientLink.of(exchange);
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

    Response response() {
        return proxyToClientResponse;
    }

    Callback callback() {
        return proxyToClientCallback;
    }

    EventLoop loop() {
        return loop;
    }

    ClientLink client() {
        return client;
    }

    InterimResponses interims() {
        return interims;
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
        client.forwarding(() -> loop.execute(this::clientGone));
        QueueConfig queue = route.config().queue();
        Upstream upstream = upstream();
        // Who comes now does not overtake those who wait.
        boolean last = queue != null && upstream.queued() > 0 && !upstream.takenOut();
        Pick pick = last ? Pick.Nobody.FULL : upstream.pick(exchange, limit());
        if (pick instanceof Target target) {
            attempt(target, upstream);
            return;
        }
        Failure failure = Unserved.because((Pick.Nobody) pick, upstream, limit());
        if (pick == Pick.Nobody.FULL && waits() && upstream.silent()) {
            hold(Failures.NOBODY_LISTENS); // the places are those of requests that are about to be held, too
        } else if (queue == null || pick == Pick.Nobody.TAKEN_OUT || !queue(queue, failure)) {
            waitedInVain(failure);
        }
    }

    private boolean queue(QueueConfig queue, Failure failure) {
        long until = Deadlines.earlier(Deadlines.after(queue.patience()), deadline);
        return await(Wait.For.PLACE, until, queue.requests(), failure);
    }

    /** Waits for a target, if there is room; then either {@link #attempt} follows or {@link #waitedInVain}. */
    private boolean await(Wait.For reason, long until, int most, Failure inVain) {
        Waiting next = new Waiting(this, reason, until, inVain);
        waiting = next;
        return next.begin(most);
    }

    void waitedInVain(Failure failure) {
        waiting = null;
        if (hold != null && hold.reloads() && failure.error() != ProxyError.CLIENT_CLOSED) {
            forwarded();
            handler.respondReloading(exchange, proxyToClientResponse, proxyToClientCallback, failure);
        } else {
            fail(failure, gone == null ? new ClientGoneException(null) : gone);
        }
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
        among = from;
        attempt(target);
    }

    /** Sends the request to the target that was chosen last, where it is counted in. */
    void attempt(Target target) {
        waiting = null;
        if (gone != null) {
            notSent(target);
            fail(Failures.of(gone, target.backend().identity().url(), timeouts, true), gone);
            return;
        }
        if (exchange.protocol() != null && !Upgrade.possible(target)) {
            notSent(target);
            Failure failure = new Failure(
                    ProxyError.PROTOCOL_REFUSED,
                    target.backend().identity().url().authority()
                            + " is spoken to in HTTP/2 alone, in which it gets no WebSockets from here",
                    "give WebSockets a route of their own whose target is http:// or https://");
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
        charged = false;
        if (exchange.attempts() == 1 && timed()) {
            sentNanos = System.nanoTime();
            hedge = Hedge.after(sentNanos, route, handler, loop, this::hedge);
        }
        attempt.begin();
    }

    /** Whether its time is worth comparing with that of others: a request that only asks for something. */
    private boolean timed() {
        return upstream().targets().size() > 1
                && !hasBody
                && exchange.asksOnly()
                && !requireNonNull(attempt).upgrades();
    }

    /** It takes longer than others: another backend is asked as well, if all agrees. */
    private void hedge() {
        Attempt first = attempt;
        boolean late = gone == null && rival == null && first != null && first.awaitsAnswer();
        // Who hedges does not overtake those who wait.
        Target target = late && upstream().queued() == 0 ? second() : null;
        if (target == null) {
            return;
        }
        exchange.hedge(target);
        try {
            rival = new Attempt(this, target);
        } catch (RuntimeException e) {
            notSent(target);
            requireNonNull(first).drop("the proxy has failed");
            broke(e);
            return;
        }
        charged = false;
        rival.begin();
    }

    /** The target of a hedge, where the request is counted in; null for none. */
    private @Nullable Target second() {
        return upstream().binds(exchange) || !mayBeginAnother(true) ? null : other(true, false);
    }

    /**
     * Another target, where the request is counted in; null for none.
     *
     * @param charge whether the retry budget pays for it
     * @param anyhow as in {@link Upstream#pickOther}
     */
    private @Nullable Target other(boolean charge, boolean anyhow) {
        if (charge && !route.retries().take()) {
            return null;
        }
        charged = charge;
        Upstream from = upstream();
        Target target = from.pickOther(exchange, limit(), anyhow);
        if (target == null) {
            giveBack();
        } else {
            among = from;
        }
        return target;
    }

    /** The request is not sent to {@code target} after all. */
    private void notSent(Target target) {
        target.notSent();
        giveBack();
    }

    private void giveBack() {
        if (charged) {
            charged = false;
            route.retries().giveBack();
        }
    }

    private @Nullable Attempt otherThan(Attempt one) {
        return one == attempt ? rival : attempt;
    }

    /** Whether the answer of {@code one} is given up for that of the other that is still to come. */
    boolean passesOver(Attempt one, int status) {
        Attempt other = rival == null ? null : otherThan(one);
        if (other == null
                || (status < HttpStatus.INTERNAL_SERVER_ERROR_500
                        && !route.config().retry().unwelcome(status))) {
            return false;
        }
        exchange.lost(one.target(), status, null);
        goOn(other);
        return true;
    }

    /** The head of the answer is in, by {@code first}: the other one is not needed any more. */
    void answered(Attempt first, int status) {
        if (sentNanos != 0 && !failed && status < HttpStatus.INTERNAL_SERVER_ERROR_500) {
            upstream().answers().record(System.nanoTime() - sentNanos);
        }
        endHedge();
        if (rival != null) {
            Attempt other = requireNonNull(otherThan(first));
            goOn(first);
            other.outrun();
        }
    }

    /** Of two attempts this one is left. */
    private void goOn(Attempt left) {
        attempt = left;
        rival = null;
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
        forwarded();
        handler.broke(exchange, proxyToClientResponse, proxyToClientCallback, thrown);
    }

    /** The client has closed its end: unless it has had all it was promised, there is no use in going on. */
    private void clientGone() {
        if (!ResponseHead.promiseKept(proxyToClientResponse)) {
            clientGone(null);
        }
    }

    void clientGone(@Nullable Throwable cause) {
        gone = new ClientGoneException(cause);
        if (waiting != null) {
            waiting.clientGone();
        } else if (attempt != null) {
            if (rival != null) {
                Attempt one = rival;
                goOn(attempt);
                one.drop("the client has gone");
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
        Target next = route.config().retry().unwelcome(status) ? next(Loss.UNWELCOME) : null;
        if (next != null) {
            exchange.lost(requireNonNull(exchange.target()), status, null);
            replay(Loss.UNWELCOME);
        }
        return next;
    }

    private void again(Loss loss, Target target) {
        replay(loss);
        attempt(target);
    }

    /** An attempt has failed, and has ended. */
    void failed(Attempt one, Loss loss, Failure failure, Throwable cause) {
        Target target = one.target();
        failed = true;
        if (rival != null) {
            if (loss != Loss.KEPT) {
                exchange.lost(target, 0, failure.error());
                one.outcome().failed(loss, failure);
            }
            goOn(requireNonNull(otherThan(one)));
            return;
        }
        if (loss == Loss.KEPT
                && exchange.idempotent()
                && exchange.attempts() == 1
                && replayable(loss)
                && target.begin(limit())) {
            again(loss, target); // it says nothing against the backend
            return;
        }
        one.outcome().failed(loss, failure);
        boolean unheard = loss == Loss.UNSENT && waits() && Failures.nobodyListens(failure);
        Target next = next(loss);
        if (next == null && loss == Loss.UNTOUCHED && exchange.attempts() == 1 && replayable(loss)) {
            next = target.begin(limit()) ? target : null;
        }
        if (next != null) {
            exchange.lost(target, 0, failure.error());
            again(loss, next);
        } else if (unheard) {
            target.backend().unheard();
            hold(failure);
        } else {
            fail(failure, cause);
        }
    }

    private boolean waits() {
        return !route.config().waitForBackend().isZero();
    }

    private void hold(Failure failure) {
        if (hold == null) {
            hold = Hold.of(exchange, route.config().waitForBackend(), deadline);
        }
        if (Deadlines.past(hold.until())) {
            waitedInVain(failure);
        } else if (!await(Wait.For.LISTENER, hold.until(), 0, failure)) {
            waitedInVain(handler.waitingRoom().refusal());
        }
    }

    /** Another target that the request may be sent to, where it is counted in; null for none. */
    private @Nullable Target next(Loss loss) {
        if (!worthwhile(loss, route.config().retry()) || !mayBeginAnother(twice(loss)) || !replayable(loss)) {
            return null;
        }
        // An answer that there is, however unwelcome, is better than what a backend that is down will say.
        boolean anyhow = loss != Loss.UNWELCOME
                && exchange.attempts() < route.config().retry().attempts();
        return other(twice(loss), anyhow);
    }

    /** @param counted whether there is an end to attempts; what took no byte is tried wherever it has not been */
    private boolean mayBeginAnother(boolean counted) {
        RetryConfig rule = route.config().retry();
        return rule.attempts() > (counted ? exchange.attempts() : 1)
                && NanoTime.elapsed(exchange.startedNanos(), NanoTime.now())
                        <= rule.within().toNanos()
                && others();
    }

    private boolean worthwhile(Loss loss, RetryConfig rule) {
        return switch (loss) {
            case UNSENT, UNTOUCHED -> true;
            case KEPT, BROKEN, UNWELCOME -> exchange.idempotent();
            case LATE -> exchange.idempotent() && rule.timeouts();
            case FINAL -> false;
        };
    }

    /** Whether a backend may have worked on it: another one will do the same work once more. */
    private static boolean twice(Loss loss) {
        return loss != Loss.UNSENT && loss != Loss.UNTOUCHED;
    }

    /** Whether the body can be sent from its beginning. */
    private boolean replayable(Loss loss) {
        return !hasBody || loss == Loss.UNSENT || exchange.canReadAgain();
    }

    /** Has the body read from its beginning; only where it is sent again, since this attempt would go on with that. */
    private void replay(Loss loss) {
        if (hasBody && loss != Loss.UNSENT && !exchange.readAgain()) {
            throw new IllegalStateException("the body is not there any more");
        }
    }

    private boolean others() {
        for (Target target : upstream().targets()) {
            if (target.enabled() && !exchange.tried(target.backend())) {
                return true;
            }
        }
        return false;
    }

    // 4. The end.

    /** Nothing more is expected of a backend. */
    void forwarded() {
        endHedge();
        client.forwarded();
    }

    /** Ends the response with the last of its body. */
    void succeed(Content.Chunk last) {
        LastChunk.write(last, exchange, proxyToClientResponse, new Callback.Nested(proxyToClientCallback) {
            @Override
            public void failed(Throwable failure) {
                if (failure instanceof RefusedException refused) {
                    fail(refused.failure(), refused);
                } else {
                    exchange.failed(ProxyError.CLIENT_CLOSED, failure.getMessage());
                    super.failed(failure);
                }
            }
        });
    }

    private void fail(Failure failure, Throwable cause) {
        forwarded();
        if (proxyToClientResponse.isCommitted() || failure.error() == ProxyError.CLIENT_CLOSED) {
            exchange.failed(failure.error(), failure.cause());
            client.resetOnClose();
            proxyToClientCallback.failed(cause);
        } else {
            handler.respond(exchange, proxyToClientResponse, proxyToClientCallback, failure);
        }
    }
}
