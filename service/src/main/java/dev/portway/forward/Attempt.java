package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TimeoutsConfig;
import dev.portway.exchange.Drain;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.forward.LimitExceededException.Limit;
import dev.portway.transport.ClientLink;
import dev.portway.transport.EventLoop;
import dev.portway.tunnel.SocketLeg;
import dev.portway.tunnel.TunnelSubject;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
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
final class Attempt implements Response.Listener, Request.Listener {

    private final ForwardHandler handler;
    private final ProxyExchange exchange;
    private final Target target;
    private final TimeoutsConfig timeouts;
    private final EventLoop loop;
    private final ClientLink client;
    private final AttemptClock clock;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final @Nullable Upgrade upgrade;
    private boolean upgraded;
    private org.eclipse.jetty.server.@Nullable Response proxyToClientResponse;
    private @Nullable Callback proxyToClientCallback;
    private @Nullable BackendRequest proxyToServerRequest;
    private final AtomicBoolean awaitingContinue;
    private @Nullable Throwable clientFailure;
    private boolean connected;
    private boolean reused;
    private boolean answered;
    private boolean answeredEarly;
    private boolean requestSent;
    private boolean bodyRead;
    private final InterimResponses interims = new InterimResponses();

    Attempt(ForwardHandler handler, ProxyExchange exchange, Target target, TimeoutsConfig timeouts) {
        this.handler = requireNonNull(handler, "handler");
        this.exchange = requireNonNull(exchange, "exchange");
        this.target = requireNonNull(target, "target");
        this.timeouts = requireNonNull(timeouts, "timeouts");
        this.loop = EventLoop.of(exchange);
        this.client = ClientLink.of(exchange);
        this.clock = new AttemptClock(
                handler.deadlines(),
                timeouts,
                loop,
                this::continueWithoutBeingTold,
                limit -> abort(new LimitExceededException(limit)));
        this.upgrade = Upgrade.asked(exchange, requireNonNull(exchange.route()), target);
        this.awaitingContinue = new AtomicBoolean(exchange.getHeaders().contains(HttpHeader.EXPECT));
    }

    ProxyExchange exchange() {
        return exchange;
    }

    /** Where all of this happens. */
    EventLoop loop() {
        return loop;
    }

    /** Null where the client asked for none. */
    @Nullable
    Upgrade upgrade() {
        return upgrade;
    }

    boolean ended() {
        return ended.get();
    }

    /** Takes its place as the listener of {@code request}, which is about to be sent. */
    void begin(BackendRequest request, org.eclipse.jetty.server.Response response, Callback callback) {
        proxyToServerRequest = request;
        proxyToClientResponse = response;
        proxyToClientCallback = callback;
        request.onRequestListener(this);
        clock.begin();
        client.forwarding(() -> loop.execute(this::clientGone));
        if (request.getBody() == null) {
            awaitingContinue.set(false);
            bodyRead();
        }
    }

    // 1. The connection.

    @Override
    public void onBegin(Request request) {
        connected = true;
        reused = request.getConnection() instanceof org.eclipse.jetty.io.Connection connection
                && connection.getMessagesIn() > 0;
        boolean repeatable = (reused && exchange.idempotent()) || request.getVersion() == HttpVersion.HTTP_2;
        if (request.getBody() != null && repeatable) {
            exchange.keepBody();
        }
        clock.enter(Limit.UPLOAD, timeouts.upload());
    }

    // 2. The request.

    @Override
    public void onCommit(Request request) {
        if (awaitingContinue.get()) {
            clock.awaitContinue();
        }
    }

    /** Whether it is for the caller, of all, to begin the upload that waits for {@code 100 Continue}. */
    boolean continued() {
        return awaitingContinue.compareAndSet(true, false);
    }

    /** Nothing more is read from the client: what is heard from it now is that it leaves. */
    void bodyRead() {
        bodyRead = true;
        client.bodyRead();
    }

    /** A backend that keeps silent after {@code Expect} may not know of it. */
    private void continueWithoutBeingTold() {
        if (continued()) {
            sending().proceed(handler.upload(requireNonNull(proxyToServerRequest)), null);
        }
    }

    AttemptClock clock() {
        return clock;
    }

    void clientFailed(Throwable failure) {
        clientFailure = failure;
    }

    @Override
    public void onSuccess(Request request) {
        requestSent = true;
        if (clock.limit() == Limit.UPLOAD) {
            exchange.sent();
            clock.enter(Limit.RESPONSE, timeouts.response());
        }
    }

    // 3. The head of the response.

    @Override
    public void onHeaders(Response serverToProxyResponse) {
        answered = true;
        exchange.forgetBody();
        int status = serverToProxyResponse.getStatus();
        if (status == HttpStatus.SWITCHING_PROTOCOLS_101) {
            switched(serverToProxyResponse);
            return;
        }
        if (HttpStatus.isInterim(status)) {
            interim(status, serverToProxyResponse.getHeaders());
            return;
        }
        String fault = ResponseRules.fault(serverToProxyResponse);
        if (fault == null && upgrade != null) {
            fault = upgrade.misleading(serverToProxyResponse);
        }
        if (fault != null) {
            abort(new HttpResponseException(fault, serverToProxyResponse));
            return;
        }
        backendAnswered(status);
        ResponseHead.copy(exchange, serverToProxyResponse, requireNonNull(proxyToClientResponse));
        clock.enter(Limit.STREAM, ResponseHead.eventStream(serverToProxyResponse) ? Duration.ZERO : timeouts.stream());
    }

    private void backendAnswered(int status) {
        target.backend().recordLatency(exchange.answered());
        handler.traffic().backendAnswered(target, status);
    }

    /** The connection goes on in another protocol, when the exchange is complete. */
    private void switched(Response serverToProxyResponse) {
        String fault = upgrade == null ? "it switched protocols unasked" : upgrade.fault(serverToProxyResponse);
        if (fault != null) {
            abort(new HttpResponseException(fault, serverToProxyResponse));
            return;
        }
        upgraded = true;
        backendAnswered(HttpStatus.SWITCHING_PROTOCOLS_101);
    }

    /** Passes an interim response on, in the number that a client can be asked to bear (behaviour 47). */
    void interim(int status, HttpFields headers) {
        if (!interims.pass(exchange, requireNonNull(proxyToClientResponse), status, headers, this::clientGone)) {
            abort(new HttpResponseException("it sent too many interim responses", null));
        }
    }

    // 4. The body of the response.

    @Override
    public void onContentSource(Response serverToProxyResponse, Content.Source source) {
        if (upgraded) {
            source.read(); // nothing but the end of what is no body
            return;
        }
        interims.then(new ResponsePump(this, source, requireNonNull(proxyToClientResponse))::iterate);
    }

    // 5. The end.

    @Override
    public void onSuccess(Response serverToProxyResponse) {
        if (HttpStatus.isInterim(serverToProxyResponse.getStatus())) {
            // One that no handler of Jetty's has taken: makes room for the response that follows.
            sending().resetResponse();
            return;
        }
        if (!requestSent && requireNonNull(proxyToServerRequest).getBody() != null) {
            // The backend has said all it will; the rest of the upload is nobody's (behaviour 100). While it is still
            // being sent, Jetty reads from the client: the end waits until it has let go.
            if (bodyRead) {
                succeed();
            } else {
                answeredEarly = true;
                abort(new ClientGoneException(null));
            }
        }
    }

    /** By now the connection is back in its pool, for the request that the client may send next. */
    @Override
    public void onComplete(Result result) {
        clock.end();
        client.forwarded();
        if (result.isFailed() && !answeredEarly) {
            fail(requireNonNull(result.getFailure()));
        } else if (upgraded) {
            interims.then(() -> carry(result.getResponse()));
        } else {
            succeed();
        }
    }

    private void succeed() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        target.backend().end();
        Callback callback = requireNonNull(proxyToClientCallback);
        org.eclipse.jetty.server.Response response = requireNonNull(proxyToClientResponse);
        Callback done = new Drain(exchange, new Callback.Nested(callback) {
            @Override
            public void failed(Throwable failure) {
                exchange.failed(ProxyError.CLIENT_CLOSED, failure.getMessage());
                super.failed(failure);
            }
        });
        if (ResponseHead.endsApart(exchange, response)) {
            Runnable end = () -> response.write(true, BufferUtil.EMPTY_BUFFER, done);
            response.write(
                    false, BufferUtil.EMPTY_BUFFER, Callback.from(InvocationType.NON_BLOCKING, end, done::failed));
        } else {
            response.write(true, BufferUtil.EMPTY_BUFFER, done);
        }
    }

    private void carry(Response switching) {
        ended.set(true);
        requireNonNull(upgrade).agree(switching, requireNonNull(proxyToClientResponse));
        EndPoint backend = ((org.eclipse.jetty.io.Connection)
                        requireNonNull(proxyToServerRequest).getConnection())
                .getEndPoint();
        SocketLeg leg = new SocketLeg(backend, loop, exchange.getComponents().getByteBufferPool());
        backend.upgrade(leg);
        TunnelSubject subject = Upgrade.subject(exchange, switching);
        handler.tunnels().carry(exchange, requireNonNull(proxyToClientCallback), leg, subject, target.backend()::end);
    }

    /** The client has closed its end: unless it has had all it was promised, there is no use in going on. */
    void clientGone() {
        if (!ResponseHead.promiseKept(requireNonNull(proxyToClientResponse))) {
            abort(new ClientGoneException(null));
        }
    }

    void clientGone(Throwable cause) {
        abort(new ClientGoneException(cause));
    }

    /** Breaks the attempt off; unless it has ended, {@link #fail} follows. */
    @SuppressWarnings("FutureReturnValueIgnored") // what the future tells is told to onComplete, too
    private void abort(Throwable cause) {
        requireNonNull(proxyToServerRequest).abort(cause);
    }

    private HttpExchange sending() {
        return requireNonNull(proxyToServerRequest)
                .getConversation()
                .getExchanges()
                .getLast();
    }

    private void fail(Throwable thrown) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        target.backend().end();
        Throwable cause = clientFailure == null ? thrown : new ClientGoneException(clientFailure);
        // Jetty tells of a broken chunk and of a connection that ended in the same words.
        Failure failure = clientFailure != null && client.answerable()
                ? new Failure(
                        ProxyError.BAD_REQUEST, "the request is malformed: its body is not framed as its head says")
                : Failures.of(cause, target.url(), timeouts, connected);
        Callback callback = requireNonNull(proxyToClientCallback);
        org.eclipse.jetty.server.Response response = requireNonNull(proxyToClientResponse);
        if (lost(thrown, failure) && handler.again(exchange, target, response, callback)) {
            return;
        }
        blame(failure);
        if (response.isCommitted() || failure.error() == ProxyError.CLIENT_CLOSED) {
            exchange.failed(failure.error(), failure.cause());
            client.resetOnClose();
            callback.failed(cause);
        } else {
            handler.respond(exchange, response, callback, failure);
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
                && (requireNonNull(proxyToServerRequest).getBody() == null || exchange.readAgain());
    }

    private void blame(Failure failure) {
        if (!failure.error().backendAtFault()) {
            return;
        }
        target.backend().recordFailure(failure.cause(), Instant.now());
        handler.traffic().backendFailed(target, failure.cause(), connected);
    }
}
