package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A call over HTTP/1.1. Waits for a connection, then sends the request and parses the answer, both at once; it is over when
 * the answer is, or when either fails. Confined to its loop.
 */
final class Http1Call implements BackendCall, Content.Source {

    private final BackendClient client;
    private final LoopBackend to;
    private final BackendRequest request;
    private final Listener listener;
    private @Nullable Http1Dial dial;
    private @Nullable Http1Connection connection;
    private @Nullable Http1Upload upload;
    private @Nullable Runnable demand;
    private Content.@Nullable Chunk ahead; // read before it was asked for
    private boolean sent;
    private boolean answered;
    private boolean complete; // the answer
    private boolean ended;
    private @Nullable Throwable failure;

    Http1Call(BackendClient client, LoopBackend to, BackendRequest request, Listener listener) {
        this.client = requireNonNull(client, "client");
        this.to = requireNonNull(to, "to");
        this.request = requireNonNull(request, "request");
        this.listener = requireNonNull(listener, "listener");
    }

    BackendRequest request() {
        return request;
    }

    /** Whether nobody waits for it any more. */
    boolean ended() {
        return ended;
    }

    // The request

    @Override
    public void begin() {
        if (!ended) {
            client.connect(to, this);
        }
    }

    /** A connection is being opened. */
    void connecting(Http1Dial begun) {
        dial = begun;
    }

    /** Goes by {@code found}. */
    void connected(Http1Connection found) {
        dial = null;
        connection = found;
        found.begin(this);
        listener.connected(found.used(), false);
        if (ended) {
            return;
        }
        RetainableByteBuffer head = Http1Head.of(request, found.buffers());
        if (request.body() == null) {
            Callback written = new HeadWritten(head);
            // What must not be lost goes at once: its connection was looked at a moment ago.
            if (request.repeatable() && found.getEndPoint() instanceof LoopEndPoint socket) {
                socket.writeLater(written, head.getByteBuffer());
            } else {
                found.getEndPoint().write(written, head.getByteBuffer());
            }
        } else {
            upload = new Http1Upload(this, found.getEndPoint(), request, head);
            upload.iterate();
        }
    }

    @Override
    public void proceed() {
        if (upload != null && !ended) {
            upload.proceed();
        }
    }

    void headSent() {
        if (!ended) {
            listener.headSent();
        }
    }

    void sent() {
        if (!ended) {
            sent = true;
            listener.sent();
        }
    }

    // The answer

    /** There is something to read. */
    void readable() {
        if (demand != null) {
            Runnable demanded = demand;
            demand = null;
            demanded.run();
        } else if (!answered) {
            receive();
        }
    }

    private void receive() {
        Http1Connection from = requireNonNull(connection);
        while (!ended) {
            switch (from.next()) {
                case NONE -> {
                    from.awaitFillable();
                    return;
                }
                case HEAD -> {
                    BackendResponse response = from.response();
                    if (HttpStatus.isInterim(response.status())) {
                        listener.interim(response.status(), response.fields());
                    } else if (response.status() != HttpStatus.SWITCHING_PROTOCOLS_101) {
                        answered = true;
                        listener.answered(response, this);
                        return;
                    }
                }
                case COMPLETE -> {
                    if (from.response().status() == HttpStatus.SWITCHING_PROTOCOLS_101) {
                        answered = true;
                        complete = true;
                        listener.answered(from.response(), this);
                        if (!ended) {
                            ended = true;
                            listener.ended(null);
                        }
                        return;
                    }
                    from.again();
                }
                case CONTENT -> throw new IllegalStateException("a body before its head");
                case FAILED -> fail(from.failure());
            }
        }
    }

    @Override
    public Content.@Nullable Chunk read() {
        if (ahead != null) {
            Content.Chunk next = ahead;
            ahead = null;
            return lookAhead(requireNonNull(connection), next);
        }
        if (failure != null) {
            return Content.Chunk.from(failure, true);
        }
        if (complete) {
            return Content.Chunk.EOF;
        }
        Http1Connection from = requireNonNull(connection);
        switch (from.next()) {
            case NONE -> {
                return null;
            }
            case CONTENT -> {
                return lookAhead(from, from.content());
            }
            case COMPLETE -> {
                succeed();
                return Content.Chunk.EOF;
            }
            case FAILED -> {
                fail(from.failure());
                return Content.Chunk.from(from.failure(), true);
            }
            case HEAD -> throw new IllegalStateException("a head within a body");
        }
        throw new IllegalStateException();
    }

    /** The end, where it has come along, is told with the last piece, so that both go on in one. */
    private Content.Chunk lookAhead(Http1Connection from, Content.Chunk piece) {
        switch (from.ahead()) {
            case CONTENT -> ahead = from.content();
            case COMPLETE -> {
                succeed();
                return Content.Chunk.asChunk(piece.getByteBuffer(), true, piece);
            }
            default -> {
                // What there is to tell of a failure is told when what came before it has been read.
            }
        }
        return piece;
    }

    @Override
    public void demand(Runnable callback) {
        if (ahead != null || failure != null || complete) {
            to.loop().execute(callback);
        } else {
            demand = callback;
            requireNonNull(connection).awaitFillable();
        }
    }

    @Override
    public void fail(Throwable cause) {
        end(cause);
    }

    @Override
    public EndPoint takeOver() {
        return requireNonNull(connection).takenOver();
    }

    // The end

    private void succeed() {
        complete = true;
        end(null);
    }

    @Override
    public void abort(Throwable cause) {
        end(cause);
    }

    private void end(@Nullable Throwable cause) {
        if (ended) {
            return;
        }
        ended = true;
        if (cause != null) {
            failure = cause;
        }
        if (ahead != null && cause != null) {
            ahead.release();
            ahead = null;
        }
        if (dial != null) {
            dial.giveUp();
        }
        if (connection != null) {
            connection.end(cause == null && sent);
        }
        if (upload != null) {
            upload.stop();
        }
        Runnable demanded = demand;
        demand = null;
        listener.ended(cause);
        if (demanded != null) {
            to.loop().execute(demanded);
        }
    }

    private final class HeadWritten implements Callback {
        private final RetainableByteBuffer head;

        HeadWritten(RetainableByteBuffer head) {
            this.head = head;
        }

        @Override
        public void succeeded() {
            head.release();
            headSent();
            sent();
        }

        @Override
        public void failed(Throwable cause) {
            head.release();
            fail(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
