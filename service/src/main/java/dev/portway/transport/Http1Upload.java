package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request with a body: its head, with the first of the body where there is some already, then the rest no faster
 * than the connection takes it. Confined to the loop of its exchange.
 */
final class Http1Upload extends IteratingCallback {

    private final Http1Call call;
    private final EndPoint endPoint;
    private final Content.Source body;
    private final @Nullable Supplier<@Nullable HttpFields> trailers;
    private final boolean chunked;
    private final Runnable onAvailable = Invocable.from(InvocationType.NON_BLOCKING, this::iterate);
    private @Nullable RetainableByteBuffer head;
    private Content.@Nullable Chunk chunk;
    private boolean held;
    private boolean last;
    private boolean writing;
    private boolean stopped;

    /** @param head of {@code request}, given back when it is written */
    Http1Upload(Http1Call call, EndPoint endPoint, BackendRequest request, RetainableByteBuffer head) {
        this.call = requireNonNull(call, "call");
        this.endPoint = requireNonNull(endPoint, "endPoint");
        this.body = requireNonNull(request.body(), "body");
        this.trailers = request.trailers();
        this.held = request.held();
        this.chunked = Http1Head.chunked(body);
        this.head = requireNonNull(head, "head");
    }

    /** Sends what was held back. */
    void proceed() {
        held = false;
        iterate();
    }

    /** Reads and sends no more. What is being written is given back when its connection is closed. */
    void stop() {
        stopped = true;
        if (!writing) {
            release();
        }
    }

    @Override
    protected Action process() {
        if (stopped) {
            return Action.IDLE;
        }
        if (last) {
            return Action.SUCCEEDED;
        }
        while (!held) {
            Content.Chunk read = body.read();
            if (read == null) {
                break;
            }
            if (Content.Chunk.isFailure(read)) {
                call.fail(read.getFailure());
                return Action.IDLE;
            }
            if (read.hasRemaining() || read.isLast()) {
                last = read.isLast();
                chunk = read;
                return write(framed(read.getByteBuffer()));
            }
            read.release();
        }
        if (head != null) {
            return write(new ByteBuffer[] {head.getByteBuffer()});
        }
        if (!held) {
            body.demand(onAvailable);
        }
        return Action.IDLE;
    }

    private Action write(ByteBuffer[] buffers) {
        writing = true;
        endPoint.write(this, buffers);
        return Action.SCHEDULED;
    }

    private ByteBuffer[] framed(ByteBuffer data) {
        List<ByteBuffer> framed = new ArrayList<>(5);
        if (head != null) {
            framed.add(head.getByteBuffer());
        }
        if (!chunked) {
            framed.add(data);
        } else {
            if (data.hasRemaining()) {
                framed.add(Http1Head.chunk(data.remaining()));
                framed.add(data);
                framed.add(ByteBuffer.wrap(Http1Head.CRLF));
            }
            if (last) {
                framed.add(Http1Head.end(trailers == null ? null : trailers.get()));
            }
        }
        return framed.toArray(ByteBuffer[]::new);
    }

    @Override
    protected void onSuccess() {
        writing = false;
        boolean headSent = head != null;
        release();
        if (headSent && !stopped) {
            call.headSent();
        }
    }

    @Override
    protected void onCompleteSuccess() {
        if (!stopped) {
            call.sent();
        }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        writing = false;
        release();
        call.fail(cause);
    }

    private void release() {
        if (head != null) {
            head.release();
            head = null;
        }
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
