package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ProxyExchange;
import dev.portway.transport.BackendCall;
import dev.portway.transport.BackendResponse;
import dev.portway.tunnel.SocketLeg;
import dev.portway.tunnel.Tunnel;
import dev.portway.tunnel.TunnelEnd;
import dev.portway.tunnel.TunnelSubject;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Stickiness;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * The connection to a backend that has agreed to go on in another protocol: takes it over from the call that has ended, passes
 * the agreement on, and carries a tunnel over it. It holds the place at the backend until the tunnel ends, and completes the
 * client's callback by that. Made for these exchanges alone, and confined to their loop.
 */
final class UpgradedConnection {

    private final Delivery delivery;
    private final Backend backend;
    private final BackendCall call;
    private final LastingExchange lasting;
    private @Nullable Tunnel tunnel; // null before it flows

    UpgradedConnection(Delivery delivery, Backend backend, BackendCall call) {
        this.delivery = requireNonNull(delivery, "delivery");
        this.backend = requireNonNull(backend, "backend");
        this.call = requireNonNull(call, "call");
        this.lasting = new LastingExchange(delivery, backend, this::takenDown);
    }

    /**
     * Goes on by what the backend has agreed to.
     *
     * @param upgrade that was asked of it
     * @param stickiness as for {@link ResponseHead#bind}
     */
    void carry(BackendResponse agreement, Upgrade upgrade, @Nullable Stickiness stickiness) {
        ProxyExchange exchange = delivery.exchange();
        try {
            ResponseHead.agree(
                    exchange, stickiness, upgrade, agreement, delivery.reply().response());
        } catch (RuntimeException e) {
            backend.end();
            call.takeOver().close();
            delivery.broke(e);
            return;
        }
        EndPoint proxyToServer = call.takeOver();
        SocketLeg leg = new SocketLeg(
                proxyToServer, delivery.loop(), exchange.getComponents().getByteBufferPool());
        proxyToServer.upgrade(leg);
        TunnelSubject subject = Upgrade.subject(exchange, agreement);
        Tunnel begun =
                delivery.handler().tunnels().carry(exchange, delivery.reply().callback(), leg, subject, this::over);
        tunnel = begun;
        lasting.begin();
        if (begun.end() != null) {
            lasting.over();
        }
    }

    private void over() {
        lasting.over();
        backend.end();
    }

    private void takenDown() {
        requireNonNull(tunnel).close(TunnelEnd.BACKEND_DOWN);
    }
}
