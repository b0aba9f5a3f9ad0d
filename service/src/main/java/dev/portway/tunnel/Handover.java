package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import org.eclipse.jetty.server.HttpStream;

/**
 * Sees to it that a tunnel does not wait for ever for a client that left while it was being told: when its exchange is
 * complete, either the tunnel has begun or it is over. Confined.
 */
final class Handover extends HttpStream.Wrapper {

    private final ProxyExchange exchange;
    private final Tunnel tunnel;

    Handover(HttpStream wrapped, ProxyExchange exchange, Tunnel tunnel) {
        super(wrapped);
        this.exchange = requireNonNull(exchange, "exchange");
        this.tunnel = requireNonNull(tunnel, "tunnel");
    }

    @Override
    public void succeeded() {
        super.succeeded();
        if (!tunnel.begun()) {
            tunnel.close(TunnelEnd.CLIENT_LOST);
        }
    }

    @Override
    public void failed(Throwable failure) {
        exchange.failed(ProxyError.CLIENT_CLOSED, "the client left before it heard that its tunnel is there");
        super.failed(failure);
        tunnel.close(TunnelEnd.CLIENT_LOST);
    }
}
