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
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, and the link of each HTTP/1.1 request on it. Beyond what Jetty's does, it can tell while a
 * request is being served and nobody reads that the client has gone, and it bounds the time a request head, or the
 * handshake of TLS, may take as a whole. Thread-safe.
 *
 * <p>To notice a client's leaving something must read. So it watches by reading ahead: in clear text one byte, which is
 * the begin of a pipelined request; of TLS more, since a client says goodbye before it leaves. What was read is given to
 * whoever reads next.
 */
final class ClientEndPoint extends LoopEndPoint implements ClientLink {

    private static final int AHEAD_BYTES = 1;

    /** An alert of TLS, and as much again as may stand before it. */
    private static final int AHEAD_TLS_BYTES = 512;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Scheduler scheduler;
    private final long headMillis;
    private final int aheadBytes;
    private final Displaced displacement = new Displaced();
    private ByteBuffer ahead = NOTHING; // guarded by this; what was read ahead, ready to be taken
    private @Nullable Runnable gone; // guarded by this; while an attempt is under way
    private boolean headless; // guarded by this; what is spoken has no request heads to be timed here
    private boolean serving; // guarded by this; between the end of a request head and the end of its exchange
    private boolean early; // guarded by this; an exchange has just ended, and nobody waits for the next yet
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
            long headMillis,
            boolean tls) {
        super(member, channel, loop, key, scheduler);
        this.scheduler = scheduler;
        this.headMillis = headMillis;
        this.aheadBytes = tls ? AHEAD_TLS_BYTES : AHEAD_BYTES;
    }

    /** The client's connection beneath {@code endPoint}, which may be one of TLS. */
    static ClientEndPoint beneath(EndPoint endPoint) {
        EndPoint beneath = endPoint;
        while (beneath instanceof EndPoint.Wrapper wrapper) {
            beneath = wrapper.unwrap();
        }
        return (ClientEndPoint) beneath;
    }

    @Override
    public synchronized void exchangeBegun() {
        serving = true;
        early = false;
        headDone();
    }

    @Override
    public synchronized void exchangeEnded() {
        serving = false;
        early = !headless;
        watch = null;
    }

    /** Whether what came last, of what has no request heads to be timed here, is incomplete and must not be so for ever. */
    synchronized void halfIn(boolean half) {
        if (half) {
            headBegun = true;
        } else {
            headDone();
        }
    }

    private void headDone() {
        headBegun = false;
        if (headTimer != null) {
            headTimer.cancel();
            headTimer = null;
        }
    }

    @Override
    public synchronized void forwarding(Runnable gone) {
        this.gone = gone;
    }

    @Override
    public synchronized void forwarded() {
        gone = null;
    }

    /** Begins to watch; the watch ends by itself when the next read begins, or with the exchange. */
    @Override
    public void bodyRead() {
        makeWay();
        Watch begun;
        synchronized (this) {
            if (gone == null) {
                return;
            }
            begun = new Watch(gone);
            watch = begun;
            registered = begun;
        }
        super.tryFillInterested(begun);
    }

    @Override
    public boolean answerable() {
        return isOpen() && !isInputShutdown();
    }

    @Override
    public void resetOnClose() {
        try {
            getChannel().socket().setSoLinger(true, 0);
        } catch (SocketException closedAlready) {
            // Then there is nobody left to mislead.
            return;
        }
        if (aheadBytes == AHEAD_TLS_BYTES) {
            close(); // beneath TLS, which else would say goodbye in due form
        }
    }

    /**
     * Reads ahead before anything is spoken. What the caller takes of it is taken, the rest is left to the next reader.
     *
     * @param max bytes to be held at once
     * @return what was read ahead by now; null where the client has gone
     */
    synchronized @Nullable ByteBuffer lookAhead(int max) {
        boolean open = readAhead(max);
        headBegun |= ahead.hasRemaining();
        return open || ahead.hasRemaining() ? ahead : null;
    }

    /** Calls when more has come than {@link #lookAhead} has seen, which need not be new to other readers. */
    void awaitMore(Callback callback) {
        makeWay();
        super.fillInterested(callback);
    }

    /** Reads what fits; false where there will never be more. */
    private boolean readAhead(int max) {
        if (ahead.capacity() < max) {
            ahead = ByteBuffer.allocate(max).put(ahead).flip();
        }
        ahead.compact();
        try {
            return getChannel().read(ahead) >= 0;
        } catch (IOException e) {
            return false;
        } finally {
            ahead.flip();
        }
    }

    /**
     * As Jetty's, but whoever looks for the next request before he has waited for it finds nothing: a client that has just been
     * answered has mostly sent nothing yet, and Jetty would ask the socket twice.
     */
    @Override
    public synchronized int fill(ByteBuffer buffer) throws IOException {
        watch = null;
        int filled = 0;
        if (ahead.hasRemaining()) {
            int position = BufferUtil.flipToFill(buffer);
            filled = BufferUtil.put(ahead, buffer);
            BufferUtil.flipToFlush(buffer, position);
            if (ahead.hasRemaining()) {
                return filled;
            }
            ahead = NOTHING;
        } else if (early) {
            return 0;
        }
        // What is no HTTP/1.1 may pass the difference on.
        int read = headless ? fillOrBreak(buffer) : super.fill(buffer);
        if (read > 0) {
            filled += read;
        } else if (read < 0 && filled == 0) {
            return read;
        }
        headBegun |= !serving && !headless && filled > 0;
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
            early = false;
            watch = null;
            displaced = registered;
            registered = null;
            if (headBegun && headTimer == null && headMillis > 0) {
                headTimer = scheduler.schedule(this::headExpired, headMillis, TimeUnit.MILLISECONDS);
            }
        }
        if (displaced != null) {
            getFillInterest().onFail(displacement);
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

    /** The idle limit holds but while an attempt does: an answer that nobody reads must not stay for ever. */
    @Override
    protected void onIdleExpired(TimeoutException timeout) {
        if (isWritePutOff()) {
            return; // it is not idle, only its loop has not come round
        }
        synchronized (this) {
            if (gone != null) {
                return;
            }
        }
        super.onIdleExpired(timeout);
    }

    @Override
    public void upgrade(Connection next) {
        upgraded(next);
        super.upgrade(next);
    }

    /** Something else is spoken from now on, here or in the TLS above: HTTP/1.1 after a handshake, or what has no such heads. */
    synchronized void upgraded(Connection next) {
        early = false;
        headless = !(next instanceof LoopConnection || next instanceof TlsConnection);
        headDone();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        synchronized (this) {
            headDone();
        }
        super.onClose(cause);
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
                boolean open = readAhead(aheadBytes);
                if (open && ahead.remaining() < aheadBytes) {
                    registered = this;
                    ClientEndPoint.super.tryFillInterested(this);
                    return;
                }
                watch = null;
                if (open) {
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

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    /** What a watch is told when another reader takes its place: with every request, hence without a trace, and one for a connection. */
    private static final class Displaced extends Exception {
        private static final long serialVersionUID = 1;

        Displaced() {
            super("another reader has taken its place", null, false, false);
        }
    }
}
