package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
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
     * A tunnel between connections that are about to be upgraded to these legs, the client's last; then it begins.
     *
     * @param onEnd told once when it is over, begun or not
     */
    public Tunnel between(SocketLeg client, SocketLeg backend, TunnelSubject subject, Consumer<Tunnel> onEnd) {
        String id = "t" + made.incrementAndGet();
        return new Tunnel(id, subject, clock.instant(), this, new Tunnel.Ends(client, backend, onEnd));
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
