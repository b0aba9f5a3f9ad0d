package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Carried;
import dev.portway.exchange.HopByHop;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.routing.Route;
import dev.portway.transport.EventLoop;
import dev.portway.tunnel.SocketLeg;
import dev.portway.tunnel.Tunnel;
import dev.portway.tunnel.TunnelEnd;
import dev.portway.tunnel.TunnelSubject;
import dev.portway.tunnel.Tunnels;
import dev.portway.upstream.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A client's wish to go on in another protocol over the same connection (RFC 9110, section 7.8), which the route grants:
 * how it is put to the backend, and what follows once the backend has agreed. Immutable.
 */
final class Upgrade {

    private static final String WEBSOCKET = "websocket";

    private final List<String> protocols;

    private Upgrade(List<String> protocols) {
        this.protocols = List.copyOf(protocols);
    }

    /** Those protocols the client names and the route allows; null where there are none, or the wish is not in order. */
    static @Nullable Upgrade asked(ProxyExchange exchange, Route route) {
        HttpFields headers = exchange.getHeaders();
        if (!headers.contains(HttpHeader.UPGRADE)
                || !headers.contains(HttpHeader.CONNECTION, "upgrade")
                || exchange.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1
                || exchange.getLength() > 0
                || headers.contains(HttpHeader.TRANSFER_ENCODING)) {
            return null;
        }
        List<String> granted = new ArrayList<>();
        for (String protocol : headers.getCSV(HttpHeader.UPGRADE, false)) {
            String name = protocol.toLowerCase(Locale.ROOT);
            // RFC 6455, section 4.1
            boolean fits = !name.equals(WEBSOCKET) || HttpMethod.GET.is(exchange.getMethod());
            if (fits && route.config().upgrades().contains(name)) {
                granted.add(protocol);
            }
        }
        return granted.isEmpty() ? null : new Upgrade(granted);
    }

    /** Puts it to the backend, on a connection of its own. */
    void ask(HttpFields.Mutable to) {
        to.add(HttpHeader.CONNECTION, "Upgrade");
        to.add(HttpHeader.UPGRADE, String.join(", ", protocols));
    }

    /** Why {@code response}, a 101, is no answer to what was asked; null if it is one. */
    @Nullable
    String fault(org.eclipse.jetty.client.Response response) {
        HttpFields headers = response.getHeaders();
        String protocol = protocol(headers);
        if (protocol == null || !headers.contains(HttpHeader.CONNECTION, "upgrade")) {
            return "it switched protocols and did not say to which";
        }
        if (response.getVersion() != HttpVersion.HTTP_1_1) {
            return "it switched protocols in " + response.getVersion();
        }
        return protocols.stream().anyMatch(protocol::equalsIgnoreCase)
                ? null
                : "it switched to another protocol than was asked for";
    }

    private static @Nullable String protocol(HttpFields headers) {
        List<String> named = headers.getCSV(HttpHeader.UPGRADE, false);
        return named.size() == 1 ? named.get(0) : null;
    }

    /**
     * Sends the backend's 101 on and makes a tunnel of both connections, which begins once the 101 is out.
     *
     * @param backend the connection of {@code from}
     * @param whenOver run once, when the tunnel has ended or did not come about
     */
    void carry(
            ProxyExchange exchange,
            org.eclipse.jetty.client.Response from,
            EndPoint backend,
            Way to,
            Runnable whenOver) {
        HttpFields.Mutable headers = to.response().getHeaders();
        HopByHop.copyEndToEnd(from.getHeaders(), headers);
        headers.remove(HttpHeader.CONTENT_LENGTH); // RFC 9110, section 8.6
        headers.add(HttpHeader.CONNECTION, "Upgrade");
        headers.add(HttpHeader.UPGRADE, requireNonNull(protocol(from.getHeaders())));
        to.response().setStatus(from.getStatus());

        CompletableFuture<Carried> carried = new CompletableFuture<>();
        EndPoint client = exchange.getConnectionMetaData().getConnection().getEndPoint();
        EventLoop loop = EventLoop.of(client);
        SocketLeg clientLeg = new SocketLeg(client, loop, to.buffers());
        SocketLeg backendLeg = new SocketLeg(backend, loop, to.buffers());
        Tunnel tunnel = to.tunnels().between(clientLeg, backendLeg, subject(exchange, from), ended -> {
            whenOver.run();
            carried.complete(carriedBy(ended));
        });
        backend.upgrade(backendLeg);
        exchange.tunnel(carried);
        exchange.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, clientLeg);
        Request.addCompletionListener(exchange, failure -> {
            if (failure != null) {
                exchange.failed(
                        ProxyError.CLIENT_CLOSED, "the client left before it heard that protocols were switched");
                tunnel.close(TunnelEnd.CLIENT_LOST);
            }
        });
        to.callback().succeeded();
    }

    private static TunnelSubject subject(ProxyExchange exchange, org.eclipse.jetty.client.Response from) {
        Route route = requireNonNull(exchange.route());
        Target target = requireNonNull(exchange.target());
        String kind = requireNonNull(protocol(from.getHeaders())).toLowerCase(Locale.ROOT);
        return new TunnelSubject(
                kind,
                route.id(),
                target.backend().id(),
                exchange.client().address(),
                route.timeouts().tunnel(),
                route.timeouts().stream());
    }

    private static Carried carriedBy(Tunnel tunnel) {
        TunnelEnd end = requireNonNull(tunnel.end());
        return new Carried(tunnel.bytesIn(), tunnel.bytesOut(), end.error(), end.cause());
    }

    /**
     * Where the tunnel is made.
     *
     * @param response to the client, nothing of it written
     * @param callback completed when it is
     */
    record Way(Response response, Callback callback, Tunnels tunnels, ByteBufferPool buffers) {}
}
