package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ConnectStream;
import dev.portway.transport.KeepAlive;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A leg that is a connection of its own, taken over from HTTP with what had been read of it too early. It holds a buffer
 * only between reading and writing, so one that is idle costs next to nothing. Reading and writing are each confined to
 * one pump.
 */
public final class SocketLeg extends AbstractConnection implements Leg, Connection.UpgradeTo {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final ByteBufferPool buffers;
    private Watcher watcher = Watcher.NOBODY;
    private @Nullable ByteBuffer early; // what was read behind the head
    private volatile @Nullable Throwable failure; // written by whoever hears of it, read by the reading pump
    private volatile boolean inputEnded; // written by the reading pump, read when the connection closes
    private volatile boolean outputEnded; // written by the writing pump, read when the connection closes

    /** A leg over {@code endPoint}, which is to be upgraded to it. */
    public SocketLeg(EndPoint endPoint, Executor executor, ByteBufferPool buffers) {
        super(endPoint, executor);
        this.buffers = requireNonNull(buffers, "buffers");
    }

    @Override
    public void watcher(Watcher watcher) {
        this.watcher = watcher;
    }

    @Override
    public void idleTimeout(long millis) {
        getEndPoint().setIdleTimeout(millis);
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        early = buffer;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        KeepAlive.on(getEndPoint());
        watcher.opened();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        if (!inputEnded || !outputEnded) {
            watcher.lost(cause == null ? new EOFException("the connection was closed") : cause);
        }
    }

    @Override
    public void onFillable() {
        throw new IllegalStateException("reading is told to the one who demanded it");
    }

    @Override
    public Content.@Nullable Chunk read() {
        Throwable broken = failure;
        if (broken != null) {
            return Content.Chunk.from(broken, true);
        }
        ByteBuffer first = early;
        if (first != null) {
            early = null;
            return Content.Chunk.from(first, false);
        }
        if (inputEnded) {
            return Content.Chunk.EOF;
        }
        RetainableByteBuffer buffer = buffers.acquire(BUFFER_BYTES, true);
        try {
            int filled = getEndPoint().fill(buffer.getByteBuffer());
            if (filled > 0) {
                return Content.Chunk.from(buffer, false);
            }
            buffer.release();
            if (filled == 0) {
                return null;
            }
            inputEnded = true;
            return Content.Chunk.EOF;
        } catch (IOException e) {
            buffer.release();
            return Content.Chunk.from(e, true);
        }
    }

    /** Even where more could be read at once, the others on this loop have their turn first. */
    @Override
    public void demand(Runnable callback) {
        getEndPoint().fillInterested(new Availability(callback));
    }

    @Override
    public void fail(Throwable cause) {
        close(cause);
    }

    @Override
    public void write(boolean last, ByteBuffer buffer, Callback callback) {
        getEndPoint().write(last ? new LastWrite(callback) : callback, buffer);
    }

    @Override
    public void close(@Nullable Throwable cause) {
        ConnectStream stream = ConnectStream.of(getEndPoint());
        if (stream == null) {
            getEndPoint().close(cause);
        } else if (!inputEnded || !outputEnded) {
            stream.reset();
            if (getEndPoint().getConnection() != null) { // there is none until it is handed over
                getEndPoint().close(cause);
            }
        }
        // A stream both halves of which have ended goes when its last frame is out.
    }

    /** Goes on with the pump when there is something to read. */
    private final class Availability implements Callback {
        private final Runnable then;

        Availability(Runnable then) {
            this.then = then;
        }

        @Override
        public void succeeded() {
            then.run();
        }

        @Override
        public void failed(Throwable cause) {
            failure = cause;
            then.run();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    /** Ends the output once all of it is written. */
    private final class LastWrite extends Callback.Nested {

        LastWrite(Callback callback) {
            super(callback);
        }

        @Override
        public void succeeded() {
            outputEnded = true;
            getEndPoint().shutdownOutput();
            super.succeeded();
        }
    }
}
