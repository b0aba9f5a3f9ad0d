package dev.portway.transport;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection. Beyond what Jetty's does, it can tell while a request is being served and nobody reads that
 * the client has gone, and it bounds the time a request head may take as a whole. Thread-safe.
 *
 * <p>To notice a client's leaving something must read. So a {@link #watch} reads ahead, one byte at most: that byte is
 * the begin of a pipelined request and is given to whoever reads next.
 */
public final class ClientEndPoint extends LoopEndPoint {

    private final Scheduler scheduler;
    private final long headMillis;
    private final ByteBuffer ahead = ByteBuffer.allocate(1).limit(0); // guarded by this
    private boolean forwarding; // guarded by this
    private boolean serving; // guarded by this; between the end of a request head and the end of its exchange
    private boolean headBegun; // guarded by this; not serving, and bytes of a request head are in
    private @Nullable Watch watch; // guarded by this; the one in force
    private @Nullable Watch registered; // guarded by this; the one that waits to be told, in force or not
    private Scheduler.@Nullable Task headTimer; // guarded by this

    ClientEndPoint(
            LoopMember member,
            SocketChannel channel,
            ManagedSelector loop,
            SelectionKey key,
            Scheduler scheduler,
            long headMillis) {
        super(member, channel, loop, key, scheduler);
        this.scheduler = scheduler;
        this.headMillis = headMillis;
    }

    /** The connection {@code request} came in on; null where it is not a plain socket of this listener. */
    public static @Nullable ClientEndPoint of(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return endPoint instanceof ClientEndPoint client ? client : null;
    }

    /** A request head is in whole: its time limit no longer counts. */
    public synchronized void exchangeBegun() {
        serving = true;
        headBegun = false;
        cancelHeadTimer();
    }

    /** The exchange is over; what is read from now on is a request head. */
    public synchronized void exchangeEnded() {
        serving = false;
        watch = null;
    }

    /**
     * Calls {@code gone} once, from any thread, when the client closes its end. To be begun when the request has been
     * read to its end; ends by itself when the next read begins, or with the exchange.
     */
    public void watch(Runnable gone) {
        Watch begun = new Watch(gone);
        makeWay();
        synchronized (this) {
            watch = begun;
            registered = begun;
        }
        super.tryFillInterested(begun);
    }

    /**
     * Makes the next close a reset, so that a client cannot take a body cut short for a whole one even where only the
     * end of the connection ends the body (HTTP/1.0).
     */
    public void resetOnClose() {
        try {
            getChannel().socket().setSoLinger(true, 0);
        } catch (SocketException closedAlready) {
            // Then there is nobody left to mislead.
            return;
        }
    }

    @Override
    public synchronized int fill(ByteBuffer buffer) throws IOException {
        watch = null;
        int filled = 0;
        if (ahead.hasRemaining()) {
            int position = BufferUtil.flipToFill(buffer);
            buffer.put(ahead);
            BufferUtil.flipToFlush(buffer, position);
            filled = 1;
        }
        int read = super.fill(buffer);
        if (read > 0) {
            filled += read;
        } else if (read < 0 && filled == 0) {
            return read;
        }
        headBegun |= !serving && filled > 0;
        return filled;
    }

    /** The connection asks this to find out whether it is itself waiting to read; a watch is not its business. */
    @Override
    public synchronized boolean isFillInterested() {
        return registered == null && super.isFillInterested();
    }

    @Override
    public void fillInterested(Callback callback) {
        makeWay();
        super.fillInterested(callback);
        useAhead();
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        makeWay();
        boolean interested = super.tryFillInterested(callback);
        useAhead();
        return interested;
    }

    /** Ends the watch, takes it out of the place where the next reader waits, and begins to time a head half read. */
    private void makeWay() {
        Watch displaced;
        synchronized (this) {
            watch = null;
            displaced = registered;
            registered = null;
            if (headBegun && headTimer == null && headMillis > 0) {
                headTimer = scheduler.schedule(this::headExpired, headMillis, TimeUnit.MILLISECONDS);
            }
        }
        if (displaced != null) {
            getFillInterest().onFail(new Displaced());
        }
    }

    /** A byte read ahead makes the connection readable, although its socket may have nothing more. */
    private void useAhead() {
        boolean readable;
        synchronized (this) {
            readable = ahead.hasRemaining();
        }
        if (readable) {
            getFillInterest().fillable();
        }
    }

    private void headExpired() {
        synchronized (this) {
            if (serving) {
                return;
            }
        }
        close();
    }

    /** Whether an attempt at a backend is under way, whose own limits hold. */
    public synchronized void forwarding(boolean underWay) {
        forwarding = underWay;
    }

    /** The idle limit holds but while an attempt does: an answer that nobody reads must not stay for ever. */
    @Override
    protected void onIdleExpired(TimeoutException timeout) {
        synchronized (this) {
            if (forwarding) {
                return;
            }
        }
        super.onIdleExpired(timeout);
    }

    /** What is read from now on is no request head. */
    @Override
    public void upgrade(Connection next) {
        exchangeBegun();
        super.upgrade(next);
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        synchronized (this) {
            cancelHeadTimer();
        }
        super.onClose(cause);
    }

    private void cancelHeadTimer() {
        if (headTimer != null) {
            headTimer.cancel();
            headTimer = null;
        }
    }

    /** Reads ahead when there is something to read. */
    private final class Watch implements Callback {
        private final Runnable gone;

        Watch(Runnable gone) {
            this.gone = gone;
        }

        @Override
        public void succeeded() {
            synchronized (ClientEndPoint.this) {
                told();
                if (watch != this) {
                    return;
                }
                int read = readAhead();
                if (read == 0) {
                    registered = this;
                    ClientEndPoint.super.tryFillInterested(this);
                    return;
                }
                watch = null;
                if (read > 0) {
                    return;
                }
            }
            gone.run();
        }

        @Override
        public void failed(Throwable cause) {
            synchronized (ClientEndPoint.this) {
                told();
                if (watch != this) {
                    return;
                }
                watch = null;
            }
            gone.run();
        }

        private void told() {
            if (registered == this) {
                registered = null;
            }
        }

        private int readAhead() {
            ahead.clear();
            try {
                return getChannel().read(ahead);
            } catch (IOException e) {
                return -1;
            } finally {
                ahead.flip();
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    /** What a watch is told when another reader takes its place; without a trace, since it happens with every request. */
    private static final class Displaced extends IOException {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
