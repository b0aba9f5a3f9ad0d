package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TimeoutsConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.RefusedException;
import dev.portway.forward.LimitExceededException.Limit;
import dev.portway.transport.BackendCall;
import dev.portway.transport.BackendResponse;
import dev.portway.transport.Deadlines;
import dev.portway.transport.EventLoop;
import dev.portway.transport.LoopBackend;
import dev.portway.tunnel.SocketLeg;
import dev.portway.tunnel.Tunnel;
import dev.portway.tunnel.TunnelEnd;
import dev.portway.tunnel.TunnelSubject;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Lasting;
import dev.portway.upstream.Standing;
import dev.portway.upstream.Stickiness;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * One request sent to one backend, and what comes of it. The order of things, each with its time limit:
 *
 * <ol>
 *   <li>a connection is found or made ({@code connect});
 *   <li>the request goes out, its body as the client sends it ({@code upload});
 *   <li>the head of the response comes in ({@code response}), and is copied to the client's;
 *   <li>the body follows, chunk by chunk ({@code stream}, but none for an event stream);
 *   <li>the end: {@link #succeed} completes the client's response, {@link #fail} answers with an error, or breaks off
 *       a response that had begun.
 * </ol>
 *
 * <p>Whatever happens, exactly one of the two ends is reached, once. All of it happens on the loop of the
 * client's connection, whoever else hears of a client's leaving or of a time that is up.
 */
final class Attempt implements BackendCall.Listener, Lasting {

    /** More interim responses than these are a backend gone mad: in the number that a client can be asked to bear (behaviour 47). */
    private static final int MAX_INTERIM = 64;

    private final Delivery delivery;
    private final ProxyExchange exchange;
    private final Target target;
    private final @Nullable Stickiness stickiness; // of the targets among which it was chosen
    private final Standing.@Nullable State under; // what was known of the target when this began
    private final TimeoutsConfig timeouts;
    private final Response proxyToClientResponse;
    private final AttemptClock clock;
    private final @Nullable Upgrade upgrade;
    private final boolean hasBody;
    private final BackendCall call;
    private @Nullable BackendResponse switching;
    private @Nullable Tunnel tunnel;
    private @Nullable Throwable clientFailure;
    private @Nullable RefusedException keptBack; // null where the whole answer is let out
    private @Nullable Target next; // where the request goes instead, its answer being unwelcome here
    private volatile Part part = Part.IN_IT; // written on the loop, read by whoever still asks for the client's body
    private long sentNanos; // 0 before
    private int interim; // responses
    private boolean awaitingContinue;
    private boolean connected;
    private boolean reused;
    private boolean answered;
    private int untold; // the status of an answer that the backend has yet to be credited with; 0 for none
    private boolean lasts; // a stream of events that its backend knows of
    private boolean over;
    private boolean passed;

    /** What it has to do with the request still. */
    private enum Part {
        IN_IT,
        ENDED,
        /** Another one goes on: whatever comes of this one is nobody's. */
        DROPPED,
        /** For its backend's sake; the request has its answer. */
        HEARD_OUT
    }

    /** An attempt that has yet to begin, at a target where it is counted in. */
    Attempt(Delivery delivery, Target target) {
        this.delivery = requireNonNull(delivery, "delivery");
        this.exchange = delivery.exchange();
        this.target = requireNonNull(target, "target");
        this.stickiness = delivery.among().stickiness();
        this.under = target.standingNow();
        this.timeouts = delivery.timeouts();
        this.proxyToClientResponse = delivery.response();
        ForwardHandler handler = delivery.handler();
        this.clock = new AttemptClock(
                handler.deadlines(),
                timeouts,
                delivery.deadline(),
                loop(),
                this::continueWithoutBeingTold,
                limit -> abort(new LimitExceededException(limit)));
        this.upgrade = Upgrade.asked(exchange, delivery.route(), target);
        this.hasBody = delivery.hasBody();
        this.awaitingContinue =
                hasBody && HttpHeaderValue.CONTINUE.is(exchange.getHeaders().get(HttpHeader.EXPECT));
        this.call = handler.client()
                .call(
                        LoopBackend.of(loop(), target.backend(), exchange),
                        RequestHead.of(exchange, handler.forwarding(), upgrade, body(), awaitingContinue),
                        this);
    }

    private @Nullable RequestBody body() {
        UploadBudget budget =
                new UploadBudget(timeouts.upload(), delivery.handler().limits().uploadRate());
        return hasBody ? new RequestBody(exchange, this, budget) : null;
    }

    /** Where all of this happens. */
    EventLoop loop() {
        return delivery.loop();
    }

    AttemptClock clock() {
        return clock;
    }

    Target target() {
        return target;
    }

    Standing.@Nullable State under() {
        return under;
    }

    boolean ended() {
        return part != Part.IN_IT;
    }

    /** Whether an answer is still to be expected of it. */
    boolean awaitsAnswer() {
        return !ended() && !answered;
    }

    /** Whether the request asks for another protocol, too. */
    boolean upgrades() {
        return upgrade != null;
    }

    void begin() {
        clock.begin();
        if (!hasBody) {
            bodyRead();
        }
        call.begin();
    }

    // 1. The connection.

    @Override
    public void connected(boolean again, boolean multiplexed) {
        connected = true;
        reused = again;
        if (target.backend().silent()) {
            target.backend().heard();
        }
        if (part == Part.HEARD_OUT) {
            abort(new CancellationException("another backend was quicker")); // before anything is sent
            return;
        }
        if (hasBody && delivery.repeatable(reused, multiplexed)) {
            exchange.keepBody();
        }
        clock.enter(Limit.UPLOAD, timeouts.upload());
    }

    // 2. The request.

    @Override
    public void headSent() {
        sentNanos = System.nanoTime();
        if (awaitingContinue) {
            clock.awaitContinue();
        }
    }

    /** Nothing more is read from the client: what is heard from it now is that it leaves. */
    void bodyRead() {
        delivery.client().bodyRead();
    }

    /** A backend that keeps silent after {@code Expect} may not know of it. */
    private void continueWithoutBeingTold() {
        if (awaitingContinue && !answered) {
            awaitingContinue = false;
            call.proceed();
        }
    }

    void clientFailed(Throwable failure) {
        clientFailure = failure;
    }

    @Override
    public void sent() {
        if (clock.limit() == Limit.UPLOAD) {
            sentNanos = System.nanoTime();
            clock.enter(Limit.RESPONSE, timeouts.response());
        }
    }

    // 3. The head of the response.

    @Override
    public void interim(int status, HttpFields fields) {
        if (ended()) {
            return; // it was dropped, and may not know it yet
        }
        exchange.forgetBody();
        if (++interim > MAX_INTERIM) {
            abort(new BadResponseException("it sent too many interim responses"));
            return;
        }
        delivery.interims().pass(exchange, proxyToClientResponse, status, fields, this::clientGone);
        if (status == HttpStatus.CONTINUE_100 && awaitingContinue) {
            awaitingContinue = false;
            call.proceed();
        }
    }

    @Override
    public void answered(BackendResponse response, Content.Source body) {
        if (part == Part.HEARD_OUT) {
            answeredAfterAll(response);
            return;
        }
        if (ended()) {
            return; // it was dropped, and may not know it yet
        }
        answered = true;
        target.backend().answered();
        boolean switches = response.status() == HttpStatus.SWITCHING_PROTOCOLS_101;
        String fault = faultIn(response);
        if (fault != null) {
            abort(new BadResponseException(fault));
            return;
        }
        // An answer that came before the request was out is timed from its head.
        long nanos = sentNanos == 0 ? 0 : System.nanoTime() - sentNanos;
        if (response.status() < HttpStatus.INTERNAL_SERVER_ERROR_500) {
            target.backend().recordLatency(nanos);
        } else {
            target.backend().recordError(nanos);
        }
        Duration pause = RetryAfter.of(response);
        if (pause == null) {
            untold = response.status();
        } else {
            delivery.handler().traffic().backendBusy(target, response.status(), pause);
        }
        if (response.status() >= HttpStatus.INTERNAL_SERVER_ERROR_500) {
            tellOfAnswer(); // another request may be about to be sent there
        }
        if (delivery.passesOver(this, response.status())) {
            tellOfAnswer();
            drop("the other backend may have a better answer");
            return;
        }
        delivery.answered(this, response.status());
        exchange.answered(nanos);
        if (switches) {
            switching = response; // the connection goes on in another protocol, when this call has ended
            return;
        }
        next = delivery.insteadOf(response.status());
        if (next != null) {
            tellOfAnswer();
            end();
            abort(new CancellationException("another backend is asked"));
            return;
        }
        Failure refusal = exchange.refusal(response.status(), response.fields());
        if (refusal != null) {
            abort(new RefusedException(refusal));
            return;
        }
        exchange.forgetBody();
        ResponseHead.copy(exchange, stickiness, response, proxyToClientResponse);
        lasts = ResponseHead.eventStream(response);
        if (lasts) {
            tellOfAnswer();
            target.backend().lasting().add(this);
        }
        clock.enter(Limit.STREAM, lasts ? Duration.ZERO : timeouts.stream());
        // 4. The body of the response.
        delivery.interims().then(new ResponsePump(this, body, proxyToClientResponse)::iterate);
    }

    /** Credits the backend with its answer: once it is whole, or as much of it as is wanted. */
    private void tellOfAnswer() {
        if (untold != 0) {
            delivery.handler().traffic().backendAnswered(target, under, untold);
            untold = 0;
        }
    }

    private @Nullable String faultIn(BackendResponse response) {
        return response.status() == HttpStatus.SWITCHING_PROTOCOLS_101 ? faultOfSwitch(response) : fault(response);
    }

    private @Nullable String faultOfSwitch(BackendResponse response) {
        return upgrade == null ? "it switched protocols unasked" : upgrade.fault(response);
    }

    private @Nullable String fault(BackendResponse response) {
        String fault = ResponseRules.fault(response);
        return fault == null && upgrade != null ? upgrade.misleading(response) : fault;
    }

    // 5. The end.

    /** By now the connection is back in its pool, for the request that the client may send next. */
    @Override
    public void ended(@Nullable Throwable failure) {
        over = true;
        clock.end();
        if (part == Part.HEARD_OUT) {
            endHearing(failure);
            return;
        }
        if (part == Part.DROPPED) {
            return;
        }
        if (next != null) {
            delivery.attempt(next);
        } else if (keptBack != null) {
            fail(keptBack); // however the call itself came out
        } else if (failure != null) {
            fail(failure);
        } else {
            tellOfAnswer();
            delivery.forwarded();
            if (switching != null) {
                BackendResponse response = switching;
                delivery.interims().then(() -> carry(response));
            } else if (passed) {
                succeed(Content.Chunk.EOF);
            }
        }
    }

    /** Whether the call has ended, and well: what comes last can be written as such. */
    boolean over() {
        return over;
    }

    /** The body has been written, all that came. */
    void passed() {
        passed = true;
        if (over) {
            succeed(Content.Chunk.EOF);
        }
    }

    /** Ends the response with the last of its body. */
    void succeed(Content.Chunk last) {
        if (ended()) {
            last.release();
            return;
        }
        end();
        delivery.succeed(last);
    }

    private void end() {
        part = Part.ENDED;
        if (lasts) {
            target.backend().lasting().remove(this);
        }
        target.backend().end();
    }

    // What lasts ends with its backend.

    @Override
    public String routeId() {
        return delivery.route().id();
    }

    @Override
    public void takenDown() {
        try {
            loop().execute(this::endWhatLasts);
        } catch (RejectedExecutionException stopped) {
            // Nothing lasts longer than its loop.
        }
    }

    private void endWhatLasts() {
        if (tunnel != null) {
            tunnel.close(TunnelEnd.BACKEND_DOWN);
        } else if (!ended()) {
            abort(new TakenDownException());
        }
    }

    /** Breaks it off, without a word to the delivery: another one goes on, and it says nothing against the backend. */
    void drop(String reason) {
        end();
        part = Part.DROPPED;
        abort(new CancellationException(reason));
    }

    /**
     * Another has answered first: this one's backend would have taken so long at least. It is dropped; but where there is reason
     * to doubt its backend it is heard out, with nobody waiting for it: what is slow is not to be taken for what hangs, nor the
     * other way round.
     */
    void outrun() {
        boolean ends = clock.limited(); // or it would be heard for ever
        if (doubtful() && ends && target.backend().lostHedges().hearOut()) {
            part = Part.HEARD_OUT;
            clock.outliveRequest();
        } else {
            drop("another backend was quicker");
        }
    }

    /**
     * Whether its backend has answered nothing for as long as an answer may take, or is on trial; or it has not come so far as to
     * be sent, so that to hear whether there comes to be a connection costs the backend no work.
     */
    private boolean doubtful() {
        if (sentNanos == 0) {
            return under != null && !connected;
        }
        Backend backend = target.backend();
        long now = System.nanoTime();
        backend.recordError(now - sentNanos);
        long silence = backend.lostHedges().outrun(sentNanos, now);
        return under != null && (silence >= timeouts.response().toNanos() || under.phase() == Standing.Phase.TRIAL);
    }

    private void answeredAfterAll(BackendResponse response) {
        String fault = faultIn(response);
        if (fault != null) {
            abort(new BadResponseException(fault));
            return;
        }
        target.backend().answered();
        target.backend().recordGivenUp(System.nanoTime() - sentNanos);
        Duration pause = RetryAfter.of(response);
        if (pause == null) {
            delivery.handler().traffic().backendAnswered(target, under, response.status());
        } else {
            delivery.handler().traffic().backendBusy(target, response.status(), pause);
        }
        abort(new CancellationException("another backend was quicker"));
    }

    /** @param thrown null where all of the answer came at once */
    private void endHearing(@Nullable Throwable thrown) {
        target.backend().lostHedges().heardOut();
        target.backend().end();
        if (thrown == null || thrown instanceof CancellationException) {
            return;
        }
        Failure failure = Failures.of(thrown, target.backend().identity().url(), timeouts, connected);
        Loss loss = loss(thrown, failure);
        if (loss != Loss.KEPT) {
            delivery.holdAgainst(this, loss, failure);
        }
    }

    private void carry(BackendResponse agreement) {
        part = Part.ENDED;
        try {
            requireNonNull(upgrade).agree(agreement, proxyToClientResponse);
            ResponseHead.bind(exchange, stickiness, proxyToClientResponse);
            exchange.edit(proxyToClientResponse);
        } catch (RuntimeException e) {
            target.backend().end();
            call.takeOver().close();
            delivery.broke(e);
            return;
        }
        EndPoint backend = call.takeOver();
        SocketLeg leg = new SocketLeg(backend, loop(), exchange.getComponents().getByteBufferPool());
        backend.upgrade(leg);
        TunnelSubject subject = Upgrade.subject(exchange, agreement);
        tunnel = delivery.handler().tunnels().carry(exchange, delivery.callback(), leg, subject, this::carried);
        target.backend().lasting().add(this);
        if (tunnel.end() != null) {
            target.backend().lasting().remove(this);
        }
    }

    private void carried() {
        target.backend().lasting().remove(this);
        target.backend().end();
    }

    void clientGone(Throwable cause) {
        delivery.clientGone(cause);
    }

    /** The body has not been written whole: the client is gone, or a rule does not let the rest out. */
    void unwritten(Throwable cause) {
        if (!(cause instanceof RefusedException refused)) {
            clientGone(cause);
            return;
        }
        keptBack = refused;
        if (over) {
            fail(refused);
        } else {
            abort(refused);
        }
    }

    /** Breaks the attempt off; unless it has ended, the delivery is told. */
    void abort(Throwable cause) {
        call.abort(cause);
    }

    private void fail(Throwable thrown) {
        end();
        if (!answered && sentNanos != 0) {
            target.backend().recordGivenUp(System.nanoTime() - sentNanos);
        }
        if (clientFailure instanceof RefusedException refused) {
            tellOfAnswer();
            delivery.failed(this, Loss.FINAL, refused.failure(), refused);
            return;
        }
        Throwable cause = clientFailure == null ? thrown : new ClientGoneException(clientFailure);
        // Jetty tells of a broken chunk and of a connection that ended in the same words.
        Failure failure = clientFailure != null && delivery.client().answerable()
                ? Failures.MALFORMED_BODY
                : Failures.of(cause, target.backend().identity().url(), timeouts, connected);
        if (!failure.error().backendAtFault()) {
            tellOfAnswer();
        }
        delivery.failed(this, loss(thrown, failure), failure, cause);
    }

    private Loss loss(Throwable thrown, Failure failure) {
        if (answered || clientFailure != null) {
            return Loss.FINAL;
        }
        if (Failures.untouched(thrown)) {
            return Loss.UNTOUCHED;
        }
        if (!failure.error().backendAtFault() || (part != Part.HEARD_OUT && Deadlines.past(delivery.deadline()))) {
            return Loss.FINAL;
        }
        if (!connected) {
            return Loss.UNSENT;
        }
        return switch (failure.error()) {
            case CONNECTION_TERMINATED -> reused ? Loss.KEPT : Loss.BROKEN;
            case RESPONSE_TIMEOUT -> Loss.LATE;
            default -> Loss.FINAL; // an answer that makes no sense
        };
    }
}
