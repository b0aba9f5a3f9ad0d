package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection to a backend: carries one call after the other, and hears of its end while it carries none.
 * Reads no further than it is asked to. Confined to its loop.
 */
final class Http1Connection extends AbstractConnection.NonBlocking
        implements Connection.UpgradeFrom, HttpParser.ResponseHandler {

    private static final int READ_BYTES = 16 * 1024;

    /** For connections that come full: fewer reads and fewer writes for the same bytes. */
    private static final int READ_MORE_BYTES = 64 * 1024;

    private final EventLoop loop;
    private final Http1Pool pool;
    private final ByteBufferPool buffers;
    private final HttpParser parser;
    private boolean reading; // whether onFillable will be called
    private @Nullable Http1Call call;
    private @Nullable RetainableByteBuffer buffer;
    private int readBytes = READ_BYTES;
    private Http1Event event = Http1Event.NONE;
    private @Nullable BackendResponse response;
    private @Nullable Throwable failure;
    private Content.@Nullable Chunk content;
    private boolean ended; // no more will come
    private boolean closed;
    private boolean used;
    private boolean doubtful;
    private long usableMillis = -1; // as the backend announced
    private long idleSince;

    Http1Connection(EndPoint endPoint, EventLoop loop, Http1Pool pool, ByteBufferPool buffers, int headerBytes) {
        super(endPoint, loop);
        this.loop = requireNonNull(loop, "loop");
        this.pool = requireNonNull(pool, "pool");
        this.buffers = requireNonNull(buffers, "buffers");
        this.parser = new HttpParser(this, headerBytes, HttpCompliance.STRICT);
    }

    EventLoop loop() {
        return loop;
    }

    ByteBufferPool buffers() {
        return buffers;
    }

    /** Whether it has carried a call before. */
    boolean used() {
        return used;
    }

    /** Whether the backend must be expected to have closed it, as it announced to. */
    boolean outdated() {
        return usableMillis >= 0 && NanoTime.millisSince(idleSince) >= usableMillis;
    }

    /** Whether what it carried last was a response whose body careless backends send although there is none. */
    boolean doubtful() {
        return doubtful;
    }

    /**
     * Whether there is anything to read although nothing was asked: an end, a failure, or what belongs to no call. The loop
     * may not have come round to notice.
     */
    boolean stale() {
        try {
            return getEndPoint().fill(BufferUtil.allocate(1)) != 0;
        } catch (IOException broken) {
            return true;
        }
    }

    // Calls

    /** Begins to listen for the answer to {@code next}. */
    void begin(Http1Call next) {
        call = next;
        response = null;
        event = Http1Event.NONE;
        parser.reset();
        awaitFillable();
    }

    /**
     * Ends the call.
     *
     * @param sent whether all of the request is out
     */
    void end(boolean sent) {
        Http1Call ending = call;
        call = null;
        BackendResponse last = response;
        if (closed) {
            return;
        }
        boolean surplus = buffer != null && buffer.hasRemaining();
        if (ending == null || last == null || !sent || ended || surplus || !last.persistent()) {
            close();
            return;
        }
        releaseBuffer();
        used = true;
        doubtful = ending.request().head() || last.bodiless();
        idleSince = NanoTime.now();
        pool.put(this);
        awaitFillable();
    }

    /** Lets go of it, since it goes on in another protocol. What was read ahead goes along. */
    EndPoint takenOver() {
        call = null;
        if (!closed) {
            closed = true;
            pool.closed(this);
        }
        return getEndPoint();
    }

    @Override
    public @Nullable ByteBuffer onUpgradeFrom() {
        ByteBuffer rest = null;
        if (buffer != null && buffer.hasRemaining()) {
            rest = ByteBuffer.allocate(buffer.remaining());
            rest.put(buffer.getByteBuffer()).flip();
            buffer.getByteBuffer().position(buffer.getByteBuffer().limit());
        }
        releaseBuffer();
        return rest;
    }

    // Reading

    @Override
    public void onOpen() {
        super.onOpen();
        awaitFillable();
    }

    /** Lets {@link #onFillable} be called when there is more to read. */
    void awaitFillable() {
        if (!reading && !closed) {
            reading = true;
            fillInterested();
        }
    }

    @Override
    public void onFillable() {
        reading = false;
        if (call != null) {
            call.readable();
        } else if (stale()) {
            close();
        } else {
            awaitFillable();
        }
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        reading = false;
        if (call != null) {
            call.fail(cause);
        } else {
            close();
        }
    }

    /** What comes next, read from the connection if need be. */
    Http1Event next() {
        while (true) {
            Http1Event parsed = ahead();
            if (parsed != Http1Event.NONE) {
                return parsed;
            }
            if (closed || ended) {
                return failed(new EOFException("the connection ended"));
            }
            if (buffer != null && buffer.isRetained()) {
                releaseBuffer();
            }
            if (buffer == null) {
                buffer = buffers.acquire(readBytes, true);
            }
            try {
                int filled = getEndPoint().fill(buffer.getByteBuffer());
                if (filled == 0) {
                    releaseBuffer();
                    return Http1Event.NONE;
                }
                if (filled < 0) {
                    ended = true;
                    parser.atEOF();
                } else {
                    readBytes = filled >= readBytes ? READ_MORE_BYTES : filled < READ_BYTES ? READ_BYTES : readBytes;
                }
            } catch (IOException broken) {
                return failed(broken);
            }
        }
    }

    /** What comes next of what was read already. */
    Http1Event ahead() {
        if (failure != null) {
            return Http1Event.FAILED;
        }
        event = Http1Event.NONE;
        boolean more = buffer != null && (buffer.hasRemaining() || response != null);
        if (more || ended) {
            parser.parseNext(buffer == null ? BufferUtil.EMPTY_BUFFER : buffer.getByteBuffer());
        }
        return failure == null ? event : Http1Event.FAILED;
    }

    private Http1Event failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        return Http1Event.FAILED;
    }

    /** After {@link Http1Event#FAILED}. */
    Throwable failure() {
        return requireNonNull(failure);
    }

    /** After {@link Http1Event#HEAD}. */
    BackendResponse response() {
        return requireNonNull(response);
    }

    /** After {@link Http1Event#CONTENT}: a piece of the body, for the caller to release. */
    Content.Chunk content() {
        Content.Chunk piece = requireNonNull(content);
        content = null;
        return piece;
    }

    /** After an interim response: another one follows. */
    void again() {
        response = null;
        parser.reset();
    }

    private void releaseBuffer() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    // What the parser finds. A method that returns true ends the turn of the parser.

    @Override
    public void startResponse(HttpVersion version, int status, @Nullable String reason) {
        if (call != null) {
            parser.setHeadResponse(call.request().head());
            response = new BackendResponse(version, status, HttpFields.build());
        }
    }

    @Override
    public void parsedHeader(HttpField field) {
        if (field.getHeader() == HttpHeader.KEEP_ALIVE) {
            announced(KeepAliveField.usableMillis(field.getValue()));
        }
        response().add(field);
    }

    /** It is closed by then even if nobody asks for it: the backend is not held to a connection it wants to be rid of. */
    private void announced(long millis) {
        if (millis >= 0 && millis != usableMillis) {
            usableMillis = millis;
            long limit = getEndPoint().getIdleTimeout();
            getEndPoint().setIdleTimeout(Math.max(1, limit > 0 ? Math.min(limit, millis) : millis));
        }
    }

    @Override
    public boolean headerComplete() {
        event = Http1Event.HEAD;
        return true;
    }

    @Override
    public boolean content(ByteBuffer piece) {
        RetainableByteBuffer from = requireNonNull(buffer);
        from.retain();
        content = Content.Chunk.asChunk(piece, false, from);
        event = Http1Event.CONTENT;
        return true;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public void parsedTrailer(HttpField trailer) {
        response().trailer(trailer);
    }

    @Override
    public boolean messageComplete() {
        event = Http1Event.COMPLETE;
        return true;
    }

    @Override
    public void earlyEOF() {
        failed(new EOFException("the connection ended"));
    }

    @Override
    public void badMessage(HttpException bad) {
        failed((Throwable) bad);
    }

    // The end

    /** How long a connection may be idle is a matter of the pool; a call has limits of its own. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        loop.execute(() -> {
            if (call == null) {
                close();
            }
        });
        return false;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pool.closed(this);
            releaseBuffer();
            if (content != null) {
                content.release();
                content = null;
            }
            getEndPoint().close();
        }
    }

    /** Closed by another, as when the proxy stops. */
    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        if (!closed && loop.isRunning()) {
            loop.execute(() -> {
                Http1Call cut = call;
                close();
                if (cut != null) {
                    cut.fail(cause == null ? new EOFException("the connection was closed") : cause);
                }
            });
        }
    }
}
