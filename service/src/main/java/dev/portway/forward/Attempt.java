package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TimeoutsConfig;
import dev.portway.exchange.Drain;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.forward.LimitExceededException.Limit;
import dev.portway.transport.BackendCall;
import dev.portway.transport.BackendResponse;
import dev.portway.transport.ClientLink;
import dev.portway.transport.EventLoop;
import dev.portway.transport.LoopBackend;
import dev.portway.tunnel.SocketLeg;
import dev.portway.tunnel.TunnelSubject;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
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
final class Attempt implements BackendCall.Listener {

    private final ForwardHandler handler;
    private final ProxyExchange exchange;
    private final Target target;
    private final TimeoutsConfig timeouts;
    private final Response proxyToClientResponse;
    private final Callback proxyToClientCallback;
    private final EventLoop loop;
    private final ClientLink client;
    private final AttemptClock clock;
    private final InterimResponses interims = new InterimResponses();
    private final @Nullable Upgrade upgrade;
    private final boolean hasBody;
    private final BackendCall call;
    private @Nullable BackendResponse switching;
    private @Nullable Throwable clientFailure;
    private volatile boolean ended; // written on the loop, read by whoever still asks for the client's body
    private boolean awaitingContinue;
    private boolean connected;
    private boolean reused;
    private boolean answered;
    private boolean over;
    private boolean passed;

    /**
     * An attempt that has yet to begin.
     *
     * @param response to the client
     * @param callback completed when the exchange is over
     */
    Attempt(
            ForwardHandler handler,
            ProxyExchange exchange,
            Target target,
            TimeoutsConfig timeouts,
            Response response,
            Callback callback) {
        this.handler = requireNonNull(handler, "handler");
        this.exchange = requireNonNull(exchange, "exchange");
        this.target = requireNonNull(target, "target");
        this.timeouts = requireNonNull(timeouts, "timeouts");
        this.proxyToClientResponse = requireNonNull(response, "response");
        this.proxyToClientCallback = requireNonNull(callback, "callback");
        this.loop = EventLoop.of(exchange);
        this.client = ClientLink.of(exchange);
        this.clock = new AttemptClock(
                handler.deadlines(),
                timeouts,
                loop,
                this::continueWithoutBeingTold,
                limit -> abort(new LimitExceededException(limit)));
        this.upgrade = Upgrade.asked(exchange, requireNonNull(exchange.route()), target);
        this.hasBody = hasBody(exchange);
        this.awaitingContinue =
                hasBody && HttpHeaderValue.CONTINUE.is(exchange.getHeaders().get(HttpHeader.EXPECT));
        this.call = handler.client()
                .call(
                        LoopBackend.of(loop, target.backend(), exchange),
                        RequestHead.of(exchange, handler.forwarding(), upgrade, body(), awaitingContinue),
                        this);
    }

    private static boolean hasBody(ProxyExchange exchange) {
        long length = exchange.getLength();
        return length > 0 || (length < 0 && exchange.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
    }

    private @Nullable RequestBody body() {
        UploadBudget budget =
                new UploadBudget(timeouts.upload(), handler.limits().uploadRate());
        return hasBody ? new RequestBody(exchange, this, budget) : null;
    }

    /** Where all of this happens. */
    EventLoop loop() {
        return loop;
    }

    AttemptClock clock() {
        return clock;
    }

    boolean ended() {
        return ended;
    }

    void begin() {
        clock.begin();
        client.forwarding(() -> loop.execute(this::clientGone));
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
        if (hasBody && ((reused && exchange.idempotent()) || multiplexed)) {
            exchange.keepBody();
        }
        clock.enter(Limit.UPLOAD, timeouts.upload());
    }

    // 2. The request.

    @Override
    public void headSent() {
        if (awaitingContinue) {
            clock.awaitContinue();
        }
    }

    /** Nothing more is read from the client: what is heard from it now is that it leaves. */
    void bodyRead() {
        client.bodyRead();
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
            exchange.sent();
            clock.enter(Limit.RESPONSE, timeouts.response());
        }
    }

    // 3. The head of the response.

    @Override
    public void interim(int status, HttpFields fields) {
        exchange.forgetBody();
        // In the number that a client can be asked to bear (behaviour 47).
        if (!interims.pass(exchange, proxyToClientResponse, status, fields, this::clientGone)) {
            abort(new BadResponseException("it sent too many interim responses"));
        } else if (status == HttpStatus.CONTINUE_100 && awaitingContinue) {
            awaitingContinue = false;
            call.proceed();
        }
    }

    @Override
    public void answered(BackendResponse response, Content.Source body) {
        answered = true;
        exchange.forgetBody();
        boolean switches = response.status() == HttpStatus.SWITCHING_PROTOCOLS_101;
        String fault = switches ? faultOfSwitch(response) : fault(response);
        if (fault != null) {
            abort(new BadResponseException(fault));
            return;
        }
        target.backend().recordLatency(exchange.answered());
        handler.traffic().backendAnswered(target, response.status());
        if (switches) {
            switching = response; // the connection goes on in another protocol, when this call has ended
            return;
        }
        ResponseHead.copy(exchange, response, proxyToClientResponse);
        clock.enter(Limit.STREAM, ResponseHead.eventStream(response) ? Duration.ZERO : timeouts.stream());
        // 4. The body of the response.
        interims.then(new ResponsePump(this, body, proxyToClientResponse)::iterate);
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
        client.forwarded();
        if (failure != null) {
            fail(failure);
        } else if (switching != null) {
            BackendResponse response = switching;
            interims.then(() -> carry(response));
        } else if (passed) {
            succeed(Content.Chunk.EOF);
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
        if (ended) {
            last.release();
            return;
        }
        ended = true;
        target.backend().end();
        Callback done = new Drain(exchange, new Callback.Nested(proxyToClientCallback) {
            @Override
            public void failed(Throwable failure) {
                exchange.failed(ProxyError.CLIENT_CLOSED, failure.getMessage());
                super.failed(failure);
            }
        });
        if (ResponseHead.endsApart(exchange, proxyToClientResponse)) {
            Runnable end = () -> proxyToClientResponse.write(true, BufferUtil.EMPTY_BUFFER, done);
            proxyToClientResponse.write(
                    false, BufferUtil.EMPTY_BUFFER, Callback.from(InvocationType.NON_BLOCKING, end, done::failed));
        } else {
            proxyToClientResponse.write(true, last.getByteBuffer(), new LastWritten(last, done));
        }
    }

    private void carry(BackendResponse agreement) {
        ended = true;
        requireNonNull(upgrade).agree(agreement, proxyToClientResponse);
        EndPoint backend = call.takeOver();
        SocketLeg leg = new SocketLeg(backend, loop, exchange.getComponents().getByteBufferPool());
        backend.upgrade(leg);
        TunnelSubject subject = Upgrade.subject(exchange, agreement);
        handler.tunnels().carry(exchange, proxyToClientCallback, leg, subject, target.backend()::end);
    }

    /** The client has closed its end: unless it has had all it was promised, there is no use in going on. */
    void clientGone() {
        if (!ResponseHead.promiseKept(proxyToClientResponse)) {
            abort(new ClientGoneException(null));
        }
    }

    void clientGone(Throwable cause) {
        abort(new ClientGoneException(cause));
    }

    /** Breaks the attempt off; unless it has ended, {@link #fail} follows. */
    private void abort(Throwable cause) {
        call.abort(cause);
    }

    private void fail(Throwable thrown) {
        if (ended) {
            return;
        }
        ended = true;
        target.backend().end();
        Throwable cause = clientFailure == null ? thrown : new ClientGoneException(clientFailure);
        // Jetty tells of a broken chunk and of a connection that ended in the same words.
        Failure failure = clientFailure != null && client.answerable()
                ? new Failure(
                        ProxyError.BAD_REQUEST, "the request is malformed: its body is not framed as its head says")
                : Failures.of(cause, target.url(), timeouts, connected);
        if (lost(thrown, failure) && handler.again(exchange, target, proxyToClientResponse, proxyToClientCallback)) {
            return;
        }
        blame(failure);
        if (proxyToClientResponse.isCommitted() || failure.error() == ProxyError.CLIENT_CLOSED) {
            exchange.failed(failure.error(), failure.cause());
            client.resetOnClose();
            proxyToClientCallback.failed(cause);
        } else {
            handler.respond(exchange, proxyToClientResponse, proxyToClientCallback, failure);
        }
    }

    /**
     * Whether the backend closed an idle connection at the moment it was used again (RFC 9112, section 9.3.1), or said that
     * it has not looked at the request (RFC 9113, section 8.7); and nothing speaks against sending it once more.
     */
    private boolean lost(Throwable thrown, Failure failure) {
        boolean closed = reused && failure.error() == ProxyError.CONNECTION_TERMINATED && exchange.idempotent();
        return exchange.attempts() == 1 // RFC 9110, section 9.2.2: not a third time
                && !answered
                && (closed || Failures.untouched(thrown))
                && (!hasBody || exchange.readAgain());
    }

    private void blame(Failure failure) {
        if (!failure.error().backendAtFault()) {
            return;
        }
        target.backend().recordFailure(failure.cause(), Instant.now());
        handler.traffic().backendFailed(target, failure.cause(), connected);
    }

    private static final class LastWritten extends Callback.Nested {
        private final Content.Chunk last;

        LastWritten(Content.Chunk last, Callback done) {
            super(done);
            this.last = last;
        }

        @Override
        public void succeeded() {
            last.release();
            super.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            last.release();
            super.failed(failure);
        }
    }
}
