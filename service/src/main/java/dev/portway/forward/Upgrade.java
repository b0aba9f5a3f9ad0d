package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Fields;
import dev.portway.exchange.HopByHop;
import dev.portway.exchange.Listed;
import dev.portway.exchange.ProxyExchange;
import dev.portway.routing.Route;
import dev.portway.transport.BackendResponse;
import dev.portway.tunnel.TunnelSubject;
import dev.portway.upstream.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * A client's wish to go on in another protocol over the same connection (RFC 9110, section 7.8) or HTTP/2 stream (RFC 8441),
 * which the route grants: how it is put to the backend, always in the way of HTTP/1.1, and what the client is told once the
 * backend has agreed. Immutable.
 */
final class Upgrade {

    private static final String WEBSOCKET = "websocket";

    private final List<String> protocols;
    private final @Nullable WebSocketKey key;

    /** @param key null where the client made its own, in a request of HTTP/1.1 */
    private Upgrade(List<String> protocols, @Nullable WebSocketKey key) {
        this.protocols = List.copyOf(protocols);
        this.key = key;
    }

    /** Those protocols the client names and the route allows; null where there are none, or the wish is not in order. */
    static @Nullable Upgrade asked(ProxyExchange exchange, Route route, Target target) {
        if (!possible(target) || exchange.sendsOwnCall()) {
            return null;
        }
        String wanted = exchange.protocol();
        if (wanted != null) {
            return new Upgrade(List.of(wanted), WebSocketKey.random());
        }
        HttpFields headers = exchange.getHeaders();
        if (!Fields.contain(headers, HttpHeader.UPGRADE)
                || !headers.contains(HttpHeader.CONNECTION, "upgrade")
                || exchange.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1
                || exchange.getLength() > 0
                || headers.contains(HttpHeader.TRANSFER_ENCODING)) {
            return null;
        }
        List<String> granted = new ArrayList<>();
        for (String protocol : Listed.in(headers, HttpHeader.UPGRADE)) {
            String name = protocol.toLowerCase(Locale.ROOT);
            // RFC 6455, section 4.1
            boolean fits = !name.equals(WEBSOCKET) || HttpMethod.GET.is(exchange.getMethod());
            if (fits && route.config().upgrades().contains(name)) {
                granted.add(protocol);
            }
        }
        return granted.isEmpty() ? null : new Upgrade(granted, null);
    }

    /** Whether a connection to {@code target} can go on in another protocol: not where it speaks HTTP/2 alone. */
    static boolean possible(Target target) {
        String scheme = target.url().scheme();
        return !scheme.equals("h2") && !scheme.equals("h2c");
    }

    /** Puts it to the backend, on a connection of its own. */
    void ask(HttpFields.Mutable to) {
        to.add(HttpHeader.CONNECTION, "Upgrade");
        to.add(HttpHeader.UPGRADE, String.join(", ", protocols));
        if (key != null) {
            key.ask(to);
        }
    }

    /**
     * Why {@code response}, which does not switch protocols, cannot be passed on; null if it can. To an HTTP/2 client
     * success would be the beginning of the tunnel.
     */
    @Nullable
    String misleading(BackendResponse response) {
        return key != null && HttpStatus.isSuccess(response.status())
                ? "it answered with " + response.status() + " and did not switch protocols"
                : null;
    }

    /** Why {@code response}, a 101, is no answer to what was asked; null if it is one. */
    @Nullable
    String fault(BackendResponse response) {
        HttpFields headers = response.fields();
        String protocol = protocol(headers);
        if (protocol == null || !headers.contains(HttpHeader.CONNECTION, "upgrade")) {
            return "it switched protocols and did not say to which";
        }
        if (response.version() != HttpVersion.HTTP_1_1) {
            return "it switched protocols in " + response.version();
        }
        if (protocols.stream().noneMatch(protocol::equalsIgnoreCase)) {
            return "it switched to another protocol than was asked for";
        }
        return key != null && protocol.equalsIgnoreCase(WEBSOCKET) && !key.acceptedBy(headers)
                ? "its Sec-WebSocket-Accept is not that of the key it was sent"
                : null;
    }

    private static @Nullable String protocol(HttpFields headers) {
        List<String> named = Listed.in(headers, HttpHeader.UPGRADE);
        return named.size() == 1 ? named.get(0) : null;
    }

    /** Writes the backend's agreement into the response to the client, nothing of which is sent yet. */
    void agree(BackendResponse from, Response to) {
        HttpFields.Mutable headers = to.getHeaders();
        HopByHop.copyEndToEnd(from.fields(), headers);
        headers.remove(HttpHeader.CONTENT_LENGTH); // RFC 9110, section 8.6
        if (key != null) {
            headers.remove(HttpHeader.SEC_WEBSOCKET_ACCEPT); // to a key that the client does not know
            to.setStatus(HttpStatus.OK_200);
            return;
        }
        headers.add(HttpHeader.CONNECTION, "Upgrade");
        headers.add(HttpHeader.UPGRADE, requireNonNull(protocol(from.fields())));
        to.setStatus(from.status());
    }

    /** What the tunnel is for that follows. */
    static TunnelSubject subject(ProxyExchange exchange, BackendResponse from) {
        Route route = requireNonNull(exchange.route());
        Target target = requireNonNull(exchange.target());
        String kind = requireNonNull(protocol(from.fields())).toLowerCase(Locale.ROOT);
        return new TunnelSubject(
                kind,
                exchange.routeId(),
                target.backend().id(),
                exchange.client().address(),
                route.timeouts().tunnel(),
                route.timeouts().stream());
    }
}
