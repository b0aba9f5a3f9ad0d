package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Carried;
import dev.portway.exchange.ProxyExchange;
import dev.portway.transport.EventLoop;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Graceful;

/**
 * Makes tunnels and knows those that are open. When the server stops they may end by themselves, as long as requests may;
 * then they are closed. A reload leaves them alone. Thread-safe.
 */
public final class Tunnels implements Graceful {

    private final InstantSource clock;
    private final Map<String, Tunnel> open = new ConcurrentHashMap<>();
    private final AtomicLong made = new AtomicLong();
    private final Shutdown shutdown = new Shutdown(this) {
        @Override
        public boolean isShutdownDone() {
            return open.isEmpty();
        }
    };

    public Tunnels(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Sends the response of {@code exchange}, which agrees to it, and makes a tunnel of the client's connection and
     * {@code backend}. It begins when the response is out; the exchange is recorded when it has ended.
     *
     * @param callback of the exchange, to be completed here
     * @param whenOver run once, when the tunnel has ended or did not come about
     * @return the tunnel, which may have ended
     */
    public Tunnel carry(
            ProxyExchange exchange, Callback callback, SocketLeg backend, TunnelSubject subject, Runnable whenOver) {
        EndPoint endPoint = exchange.getTunnelSupport().getEndPoint();
        EventLoop loop = EventLoop.of(exchange);
        SocketLeg client =
                new SocketLeg(endPoint, loop, exchange.getComponents().getByteBufferPool());
        CompletableFuture<Carried> carried = new CompletableFuture<>();
        Tunnel.Ends ends = new Tunnel.Ends(client, backend, loop, over -> {
            whenOver.run();
            TunnelEnd end = requireNonNull(over.end());
            carried.complete(new Carried(over.bytesIn(), over.bytesOut(), end.error(), end.cause()));
        });
        Tunnel tunnel = new Tunnel("t" + made.incrementAndGet(), subject, clock.instant(), this, ends);
        exchange.tunnel(carried);
        exchange.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, client);
        exchange.addHttpStreamWrapper(stream -> new Handover(stream, exchange, tunnel));
        callback.succeeded();
        return tunnel;
    }

    /** Those that are open, in no order. */
    public Collection<Tunnel> open() {
        return Collections.unmodifiableCollection(open.values());
    }

    public Optional<Tunnel> find(String id) {
        return Optional.ofNullable(open.get(id));
    }

    /** Whether the server is stopping. */
    boolean stopping() {
        return shutdown.isShutdown();
    }

    /** Takes it in. */
    void begun(Tunnel tunnel) {
        open.put(tunnel.id(), tunnel);
    }

    void ended(Tunnel tunnel) {
        open.remove(tunnel.id());
        shutdown.check();
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        return shutdown.shutdown();
    }

    @Override
    public boolean isShutdown() {
        return shutdown.isShutdown();
    }
}
