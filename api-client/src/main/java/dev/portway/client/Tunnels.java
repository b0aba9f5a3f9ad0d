package dev.portway.client;

import dev.portway.api.TunnelView;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The tunnels that are open in a proxy, WebSockets among them. Each method has a twin, {@code ...Async}, that does not wait:
 * what it returns fails with the same exceptions, and cancelling it gives up the call. Thread-safe.
 */
public final class Tunnels {

    private static final String FOLDER = "/tunnels";

    private final Transport transport;

    Tunnels(Transport transport) {
        this.transport = transport;
    }

    /**
     * Every open tunnel.
     *
     * @throws PortwayException if the call fails
     */
    public List<TunnelView> list() {
        return transport.send(listing());
    }

    /** Does not wait for what {@link #list} returns. */
    public CompletableFuture<List<TunnelView>> listAsync() {
        return transport.sendAsync(listing());
    }

    /**
     * Closes a tunnel.
     *
     * @throws NotFoundException if none is open with this id
     * @throws PortwayException if the call fails otherwise
     */
    public void close(String id) {
        transport.send(closing(id));
    }

    /** Does not wait until {@link #close} returns. */
    public CompletableFuture<Void> closeAsync(String id) {
        return transport.sendAsync(closing(id));
    }

    private static Call<List<TunnelView>> listing() {
        return Call.list(FOLDER, TunnelView.class);
    }

    private static Call<Void> closing(String id) {
        return Call.delete(Call.path(FOLDER, id));
    }
}
