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
import dev.portway.upstream.Stickiness;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
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
 * <p>Whatever happens, exactly one of the two ends is reached, once; or another attempt goes on, and this one is dropped or given
 * a {@link Hearing}. What its backend is told of it is {@link Outcome}'s business, the body of the response {@link ResponsePump}'s,
 * another protocol {@link UpgradedConnection}'s. All of it happens on the loop of the client's connection, whoever else hears of a
 * client's leaving or of a time that is up.
 */
final class Attempt implements BackendCall.Listener, AttemptClock.Listener {

    /** More interim responses than these are a backend gone mad: in the number that a client can be asked to bear (behaviour 47). */
    private static final int MAX_INTERIM = 64;

    private final Delivery delivery;
    private final ProxyExchange exchange;
    private final Target target;
    private final @Nullable Stickiness stickiness; // of the targets among which it was chosen
    private final TimeoutsConfig timeouts;
    private final Reply reply;
    private final AttemptClock clock;
    private final Outcome outcome;
    private final @Nullable Upgrade upgrade;
    private final @Nullable RequestBody body;
    private final BackendCall call;
    private @Nullable BackendResponse switching;
    private @Nullable Target next; // where the request goes instead, its answer being unwelcome here
    private @Nullable LastingExchange events; // null where the answer is no stream of them
    private @Nullable ResponsePump pump; // null before the body of an answer that is passed on
    private @Nullable Hearing hearing; // null where it is not heard out
    private volatile Part part = Part.IN_IT; // written on the loop, read by whoever still asks for the client's body
    private int interim; // responses
    private boolean awaitingContinue;

    /** What it has to do with the request still. */
    private enum Part {
        IN_IT,
        ENDED,
        /** Another one goes on: whatever comes of this one is nobody's, unless it is heard out. */
        DROPPED
    }

    /** An attempt that has yet to begin, at a target where it is counted in. */
    Attempt(Delivery delivery, Target target) {
        this.delivery = requireNonNull(delivery, "delivery");
        this.exchange = delivery.exchange();
        this.target = requireNonNull(target, "target");
        this.stickiness = delivery.among().stickiness();
        this.timeouts = delivery.timeouts();
        this.reply = delivery.reply();
        ForwardHandler handler = delivery.handler();
        this.clock = new AttemptClock(loop().deadlines(), timeouts, delivery.deadline(), this);
        this.outcome = new Outcome(handler.traffic(), target, timeouts);
        this.upgrade = Upgrade.asked(exchange, delivery.route(), target);
        this.body = delivery.hasBody()
                ? new RequestBody(
                        exchange,
                        this,
                        new UploadBudget(timeouts.upload(), handler.limits().uploadRate()))
                : null;
        this.awaitingContinue = body != null
                && HttpHeaderValue.CONTINUE.is(exchange.getHeaders().get(HttpHeader.EXPECT));
        this.call = handler.client()
                .call(
                        LoopBackend.of(loop(), target.backend(), exchange),
                        RequestHead.of(exchange, handler.forwarding(), upgrade, body, awaitingContinue),
                        this);
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

    Outcome outcome() {
        return outcome;
    }

    boolean ended() {
        return part != Part.IN_IT;
    }

    /** Whether an answer is still to be expected of it. */
    boolean awaitsAnswer() {
        return !ended() && !outcome.hasAnswer();
    }

    /** Whether the request asks for another protocol, too. */
    boolean upgrades() {
        return upgrade != null;
    }

    void begin() {
        clock.begin();
        if (body == null) {
            bodyRead();
        }
        call.begin();
    }

    // 1. The connection.

    @Override
    public void connected(boolean reused, boolean multiplexed) {
        outcome.connected(reused);
        if (hearing != null) {
            hearing.connected();
            return;
        }
        if (body != null && delivery.repeatable(reused, multiplexed)) {
            exchange.keepBody();
        }
        clock.enter(Limit.UPLOAD, timeouts.upload());
    }

    // 2. The request.

    @Override
    public void headSent() {
        outcome.sent();
        if (awaitingContinue) {
            clock.awaitContinue();
        }
    }

    /** Nothing more is read from the client: what is heard from it now is that it leaves. */
    void bodyRead() {
        reply.client().bodyRead();
    }

    /** A backend that keeps silent after {@code Expect} may not know of it. */
    @Override
    public void continueOverdue() {
        if (awaitingContinue && !outcome.hasAnswer()) {
            awaitingContinue = false;
            call.proceed();
        }
    }

    @Override
    public void sent() {
        if (clock.limit() == Limit.UPLOAD) {
            outcome.sent();
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
        reply.interim(status, fields, this::clientGone);
        if (status == HttpStatus.CONTINUE_100 && awaitingContinue) {
            awaitingContinue = false;
            call.proceed();
        }
    }

    @Override
    public void answered(BackendResponse response, Content.Source content) {
        String fault = ResponseRules.fault(response, upgrade);
        if (hearing != null) {
            hearing.answered(response, fault);
            return;
        }
        if (ended()) {
            return; // it was dropped, and may not know it yet
        }
        outcome.answered();
        if (fault != null) {
            abort(new BadResponseException(fault));
            return;
        }
        long nanos = outcome.accepted(response);
        if (delivery.passesOver(this, response.status())) {
            outcome.credit();
            drop("the other backend may have a better answer");
            return;
        }
        delivery.answered(this, response.status());
        exchange.answered(nanos);
        if (response.status() == HttpStatus.SWITCHING_PROTOCOLS_101) {
            switching = response; // the connection goes on in another protocol, when this call has ended
            return;
        }
        next = delivery.insteadOf(response.status());
        if (next != null) {
            outcome.credit();
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
        ResponseHead.copy(exchange, stickiness, response, reply.response());
        boolean lasts = ResponseHead.eventStream(response);
        if (lasts) {
            outcome.credit(); // its end may be hours away
            events = new LastingExchange(delivery, target.backend(), this::takenDown);
            events.begin();
        }
        clock.enter(Limit.STREAM, lasts ? Duration.ZERO : timeouts.stream());
        // 4. The body of the response.
        pump = new ResponsePump(this, content, reply.response());
        pumpBehindInterims(pump);
    }

    private void pumpBehindInterims(ResponsePump pump) {
        if (reply.idle()) {
            pump.iterate();
            return;
        }
        clock.waitingForClient(true);
        reply.then(() -> {
            clock.waitingForClient(false);
            clock.moved();
            pump.iterate();
        });
    }

    // 5. The end.

    /** By now the connection is back in its pool, for the request that the client may send next. */
    @Override
    public void ended(@Nullable Throwable failure) {
        clock.end();
        if (hearing != null) {
            hearing.ended(failure);
            return;
        }
        if (part == Part.DROPPED) {
            return;
        }
        if (next != null) {
            delivery.attempt(next);
        } else if (pump != null && pump.keptBack() != null) {
            fail(pump.keptBack()); // however the call itself came out
        } else if (failure != null) {
            fail(failure);
        } else {
            outcome.credit();
            delivery.forwarded();
            if (switching != null) {
                BackendResponse response = switching;
                reply.then(() -> carry(response));
            } else if (pump != null) {
                pump.callEnded();
            }
        }
    }

    /** Ends the response with the last of its body. */
    void succeed(Content.Chunk last) {
        if (ended()) {
            last.release();
            return;
        }
        end();
        reply.succeed(last);
    }

    private void end() {
        part = Part.ENDED;
        if (events != null) {
            events.over();
        }
        target.backend().end();
    }

    private void carry(BackendResponse agreement) {
        part = Part.ENDED;
        new UpgradedConnection(delivery, target.backend(), call).carry(agreement, requireNonNull(upgrade), stickiness);
    }

    /** The stream of events is to end. */
    private void takenDown() {
        if (!ended()) {
            abort(new TakenDownException());
        }
    }

    /** Breaks it off, without a word to the delivery: another one goes on, and it says nothing against the backend. */
    void drop(String reason) {
        end();
        part = Part.DROPPED;
        abort(new CancellationException(reason));
    }

    /** Another has answered first: this one is dropped, but for a {@link Hearing} where there is reason to doubt its backend. */
    void outrun() {
        boolean doubtful = outcome.outrun();
        boolean ends = clock.limited(); // or it would be heard for ever
        if (doubtful && ends && target.backend().lostHedges().hearOut()) {
            hearing = new Hearing(this);
            part = Part.DROPPED;
            clock.outliveRequest();
        } else {
            drop("another backend was quicker");
        }
    }

    void clientGone(Throwable cause) {
        delivery.clientGone(cause);
    }

    @Override
    public void exceeded(Limit limit) {
        abort(new LimitExceededException(limit));
    }

    /** Breaks the attempt off; unless it has ended, the delivery is told. */
    void abort(Throwable cause) {
        call.abort(cause);
    }

    /** It has failed by what was {@code thrown}, or because the client has. */
    void fail(Throwable thrown) {
        end();
        if (!outcome.hasAnswer()) {
            outcome.givenUp();
        }
        Throwable clientFailure = body == null ? null : body.failure();
        if (clientFailure instanceof RefusedException refused) {
            outcome.credit();
            delivery.failed(this, Loss.FINAL, refused.failure(), refused);
            return;
        }
        Throwable cause = clientFailure == null ? thrown : new ClientGoneException(clientFailure);
        // Jetty tells of a broken chunk and of a connection that ended in the same words.
        Failure failure =
                clientFailure != null && reply.client().answerable() ? Failures.MALFORMED_BODY : outcome.failure(cause);
        if (!failure.error().backendAtFault()) {
            outcome.credit();
        }
        Loss loss = clientFailure == null ? outcome.loss(thrown, failure) : Loss.FINAL;
        boolean late = loss != Loss.UNTOUCHED && Deadlines.past(delivery.deadline());
        delivery.failed(this, late ? Loss.FINAL : loss, failure, cause);
    }
}
