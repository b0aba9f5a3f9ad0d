package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import dev.portway.transport.EventLoop;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes both ways between a client and a backend, until both have ended or one is lost. What they say is not looked at;
 * the end of one direction is passed on and leaves the other. Thread-safe.
 */
public final class Tunnel {

    private final String id;
    private final TunnelSubject subject;
    private final Instant since;
    private final Tunnels tunnels;
    private final Leg client;
    private final Leg backend;
    private final EventLoop loop;
    private final Consumer<Tunnel> onEnd;
    private final Pump fromClient;
    private final Pump fromBackend;
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final AtomicInteger flowing = new AtomicInteger(2); // directions that have not ended
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean begun; // written once, by whoever hands the client's connection over
    private volatile @Nullable TunnelEnd end; // written once, when it is over, read by any thread

    Tunnel(String id, TunnelSubject subject, Instant since, Tunnels tunnels, Ends ends) {
        this.id = requireNonNull(id, "id");
        this.subject = requireNonNull(subject, "subject");
        this.since = requireNonNull(since, "since");
        this.tunnels = requireNonNull(tunnels, "tunnels");
        this.client = ends.client();
        this.backend = ends.backend();
        this.loop = ends.loop();
        this.onEnd = ends.onEnd();
        Side clientSide = new Side(TunnelEnd.CLIENT_LOST, this::begin);
        Side backendSide = new Side(TunnelEnd.BACKEND_LOST, () -> {});
        this.fromClient = new Pump(client, backend, bytesIn::add, new Direction(clientSide, backendSide));
        this.fromBackend = new Pump(backend, client, bytesOut::add, new Direction(backendSide, clientSide));
        client.watcher(clientSide);
        backend.watcher(backendSide);
    }

    /** Names it on the admin API. */
    public String id() {
        return id;
    }

    public TunnelSubject subject() {
        return subject;
    }

    public Instant since() {
        return since;
    }

    /** From the client. */
    public long bytesIn() {
        return bytesIn.sum();
    }

    /** To the client. */
    public long bytesOut() {
        return bytesOut.sum();
    }

    /** Whether bytes may have flowed. */
    boolean begun() {
        return begun;
    }

    /** Null while it is open. */
    public @Nullable TunnelEnd end() {
        return end;
    }

    /** Lets bytes flow, now that the client knows, which is the last to be told. */
    private void begin() {
        begun = true;
        tunnels.begun(this);
        if (over.get()) {
            // Lost in the same moment by the other side.
            tunnels.ended(this);
            return;
        }
        limit(subject.idle().toMillis());
        fromBackend.iterate();
        fromClient.iterate();
    }

    /** Ends it, whatever is under way; does nothing where it has ended. The connections close on their loop. */
    public void close(TunnelEnd reason) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        end = reason;
        tunnels.ended(this);
        if (loop.inside()) {
            closeLegs(reason);
            return;
        }
        try {
            loop.execute(() -> closeLegs(reason));
        } catch (RejectedExecutionException stopped) {
            closeLegs(reason); // nobody else has a hand in them any more
        }
    }

    private void closeLegs(TunnelEnd reason) {
        IOException cause = reason == TunnelEnd.CLOSED ? null : new IOException("the tunnel ended: " + reason);
        try {
            client.close(cause);
        } finally {
            try {
                backend.close(cause);
            } finally {
                onEnd.accept(this);
            }
        }
    }

    private void limit(long millis) {
        client.idleTimeout(millis);
        backend.idleTimeout(millis);
    }

    private void lost(TunnelEnd side, Throwable cause) {
        if (tunnels.stopping()) {
            close(TunnelEnd.SHUTDOWN);
        } else if (cause instanceof TimeoutException) {
            close(flowing.get() == 2 ? TunnelEnd.IDLE : TunnelEnd.HALF_OPEN);
        } else {
            close(side);
        }
    }

    /**
     * The two ends of a tunnel, and who is told when it is over.
     *
     * @param loop that both connections belong to
     * @param onEnd called once, on that loop
     */
    record Ends(Leg client, Leg backend, EventLoop loop, Consumer<Tunnel> onEnd) {

        Ends {
            requireNonNull(client, "client");
            requireNonNull(backend, "backend");
            requireNonNull(loop, "loop");
            requireNonNull(onEnd, "onEnd");
        }
    }

    /** One side's connection as a whole. */
    private final class Side implements Leg.Watcher {
        private final TunnelEnd loss;
        private final Runnable onOpened;

        Side(TunnelEnd loss, Runnable onOpened) {
            this.loss = loss;
            this.onOpened = onOpened;
        }

        @Override
        public void opened() {
            onOpened.run();
        }

        @Override
        public void lost(Throwable cause) {
            Tunnel.this.lost(loss, cause);
        }
    }

    /** What becomes of one direction. */
    private final class Direction implements Pump.Listener {
        private final Side source;
        private final Side sink;

        Direction(Side source, Side sink) {
            this.source = source;
            this.sink = sink;
        }

        @Override
        public void ended() {
            if (flowing.decrementAndGet() == 0) {
                close(TunnelEnd.CLOSED);
            } else {
                limit(subject.halfOpenMillis());
            }
        }

        @Override
        public void sourceFailed(Throwable cause) {
            source.lost(cause);
        }

        @Override
        public void sinkFailed(Throwable cause) {
            sink.lost(cause);
        }
    }
}
