package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Completes an exchange whose response is written while the client may still be sending: reads and drops the rest of
 * the body, within bounds, so that the connection is not reset before the client has read the response (RFC 9112,
 * section 9.6). Confined.
 */
public final class Drain implements Callback, Invocable.Task {

    private static final long MAX_BYTES = 64L * 1024 * 1024;
    private static final long MAX_MILLIS = 2_000;
    private static final int CHUNKS_PER_TURN = 64;

    private final Request request;
    private final Callback callback;
    private final AtomicBoolean done = new AtomicBoolean();
    private Scheduler.@Nullable Task timer;
    private long bytes;

    /**
     * To be told when the response is written.
     *
     * @param callback completed once the body has been read, or is not worth reading
     */
    public Drain(Request request, Callback callback) {
        this.request = requireNonNull(request, "request");
        this.callback = requireNonNull(callback, "callback");
    }

    @Override
    public void succeeded() {
        Request received = Request.unWrap(request);
        if (HttpMethod.CONNECT.is(received.getMethod())) {
            // What would follow is no body, whatever the handlers take the request for.
            ConnectStream stream = ConnectStream.of(received.getTunnelSupport().getEndPoint());
            if (stream != null) {
                stream.drop();
            }
            callback.succeeded();
            return;
        }
        // Reading would ask a client that waits for 100 Continue to send what nobody wants.
        if (Fields.contain(request.getHeaders(), HttpHeader.EXPECT) && Request.getContentBytesRead(request) <= 0) {
            callback.succeeded();
        } else {
            run();
        }
    }

    @Override
    public void failed(Throwable failure) {
        callback.failed(failure);
    }

    @Override
    public void run() {
        for (int chunks = 0; !done.get(); chunks++) {
            if (chunks == CHUNKS_PER_TURN) {
                // A client that keeps sending must not keep this thread.
                bound();
                request.getComponents().getExecutor().execute(this);
                return;
            }
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                bound();
                request.demand(this);
                return;
            }
            bytes += chunk.remaining();
            chunk.release();
            if (chunk.isLast() || Content.Chunk.isFailure(chunk) || bytes > MAX_BYTES) {
                if (done.compareAndSet(false, true)) {
                    if (timer != null) {
                        timer.cancel();
                    }
                    callback.succeeded();
                }
                return;
            }
        }
    }

    /** Begins to time what cannot be read at once. */
    private void bound() {
        if (timer == null) {
            Executor executor = request.getComponents().getExecutor();
            timer = request.getComponents()
                    .getScheduler()
                    .schedule(() -> executor.execute(this::giveUp), MAX_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void giveUp() {
        if (done.compareAndSet(false, true)) {
            callback.failed(new TimeoutException("the client went on sending after the response was written"));
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
