package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.ProxyConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetUrl;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.routing.RequestHost;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.transport.ClientLink;
import dev.portway.transport.EventLoop;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Target;
import dev.portway.upstream.Upstream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * One request for a host that no route serves. Its steps, each on the event loop of the client but for what may block:
 *
 * <ol>
 *   <li>its client is watched: one that leaves wants no tunnel;
 *   <li>the host is resolved, once;
 *   <li>of its addresses only those are left that the rules allow (403), none of them the proxy's own (508)
 *       or a backend that rules of a route guard (403);
 *   <li>a CONNECT dials one of these and becomes a tunnel; any other request is forwarded to the first.
 * </ol>
 *
 * Since what is dialled is what was checked, a name that resolves to something else a moment later gains nothing.
 */
final class Outbound {

    private static final int HTTP_PORT = 80;

    private final OutboundHandler.Parts parts;
    private final RouteTable table;
    private final ProxyConfig config;
    private final ProxyExchange exchange;
    private final Response response;
    private final Callback callback;
    private final Handler forward;
    private final EventLoop loop;
    private final ClientLink client;
    private @Nullable Dial dial;
    private boolean over; // answered, on its way, or wanted by nobody

    Outbound(
            OutboundHandler.Parts parts,
            RouteTable table,
            ProxyExchange exchange,
            Response response,
            Callback callback,
            Handler forward) {
        this.parts = parts;
        this.table = table;
        this.config = table.config().proxy();
        this.exchange = exchange;
        this.response = response;
        this.callback = callback;
        this.forward = forward;
        this.loop = EventLoop.of(exchange);
        this.client = ClientLink.of(exchange);
    }

    // 1

    void begin() {
        if (HttpMethod.CONNECT.is(exchange.getMethod())) {
            client.forwarding(() -> loop.execute(this::clientGone));
            client.bodyRead();
        }
        resolve();
    }

    private void clientGone() {
        if (over) {
            return;
        }
        if (dial != null) {
            dial.giveUp();
        }
        fail(ProxyError.CLIENT_CLOSED, "the client left before its tunnel was there", null);
    }

    // 2

    private void resolve() {
        HttpURI uri = exchange.getHttpURI();
        boolean connect = HttpMethod.CONNECT.is(exchange.getMethod());
        int port = uri.getPort() > 0 ? uri.getPort() : connect ? -1 : HTTP_PORT;
        if (uri.getHost() == null || port < 0) {
            fail(ProxyError.BAD_REQUEST, "CONNECT names no host and port", null);
            return;
        }
        if (!connect && !"http".equalsIgnoreCase(uri.getScheme())) {
            fail(ProxyError.BAD_REQUEST, "the proxy carries https in tunnels only", "ask for one by CONNECT");
            return;
        }
        Destination to = new Destination(RequestHost.of(uri.getHost()), port);
        parts.names().resolve(to.host(), port, Map.of(), new Promise<>() {
            @Override
            public void succeeded(List<InetSocketAddress> addresses) {
                // Still on the resolver's thread: the system is asked.
                Failure refusal = refusal(to, addresses);
                List<InetSocketAddress> allowed =
                        to.allowed(addresses, config.tunnel().allow());
                loop.execute(() -> resolved(to, allowed, refusal));
            }

            @Override
            public void failed(Throwable failure) {
                loop.execute(() -> fail(failure, to));
            }
        });
    }

    // 3

    private @Nullable Failure refusal(Destination to, List<InetSocketAddress> addresses) {
        if (parts.own().proxy(addresses)) {
            return new Failure(ProxyError.LOOP, to + " is this proxy itself");
        }
        if (parts.own().other(addresses)) {
            return new Failure(
                    ProxyError.DESTINATION_REFUSED,
                    to + " is this proxy's own admin API, which is not reached through it");
        }
        Route guarded = new GuardedBackends(table).among(addresses);
        return guarded == null
                ? null
                : new Failure(
                        ProxyError.DESTINATION_REFUSED,
                        to + " is a backend of the route " + guarded.id() + ", whose rules cannot be gone round",
                        "ask for it by that route");
    }

    private void resolved(Destination to, List<InetSocketAddress> allowed, @Nullable Failure refusal) {
        if (over) {
            return;
        }
        if (refusal != null) {
            fail(refusal.error(), refusal.cause(), refusal.advice());
        } else if (allowed.isEmpty()) {
            fail(
                    ProxyError.DESTINATION_REFUSED,
                    to + " is none of the places this proxy may go to",
                    "add it to proxy.tunnel.allow if it should be");
        } else if (HttpMethod.CONNECT.is(exchange.getMethod())) {
            Promise<SocketLeg> dialled = Promise.from(leg -> connected(to, leg), failure -> fail(failure, to));
            dial = new Dial(parts.connector(), loop, allowed, config.timeouts().connect(), dialled);
            dial.next();
        } else {
            forward(to, allowed.get(0));
        }
    }

    // 4

    private void connected(Destination to, SocketLeg leg) {
        end();
        TunnelSubject subject = new TunnelSubject(
                "connect",
                null,
                to.toString(),
                exchange.client().address(),
                config.timeouts().tunnel(),
                config.timeouts().stream());
        response.setStatus(200);
        BareAgreement.in(exchange);
        parts.tunnels().carry(exchange, callback, leg, subject, () -> {});
    }

    private void forward(Destination to, InetSocketAddress address) {
        // localhost is two addresses, which forwarding knows how to try; no name server has a say in it.
        String host = to.host().equals("localhost")
                ? to.host()
                : requireNonNull(address.getAddress()).getHostAddress();
        TargetUrl url = new TargetUrl("http", host, to.port(), "", null);
        Backend backend = parts.backends().retain(new Backend.Identity(url, null, null, null));
        Request.addCompletionListener(exchange, failure -> parts.backends().release(backend));
        Target target = new Target(backend, TargetConfig.of(url), null, null);
        Route rules = requireNonNull(exchange.route());
        exchange.route(rules.to(new Upstream(List.of(target), LoadBalancingConfig.DEFAULT)));
        try {
            forward.handle(exchange, response, callback);
        } catch (Exception e) {
            fail(ProxyError.INTERNAL, "the proxy failed: " + e, null);
        }
    }

    private void fail(Throwable failure, Destination to) {
        if (failure instanceof UnknownHostException) {
            fail(ProxyError.DNS_ERROR, "the name " + to.host() + " could not be resolved", null);
        } else if (failure instanceof SocketTimeoutException) {
            fail(ProxyError.CONNECTION_TIMEOUT, to + " did not accept the connection in time", null);
        } else if (failure instanceof TimeoutException) {
            fail(ProxyError.DNS_ERROR, "the name " + to.host() + " was not resolved in time", null);
        } else {
            fail(ProxyError.CONNECTION_REFUSED, to + " could not be reached: " + failure.getMessage(), null);
        }
    }

    private void end() {
        over = true;
        if (HttpMethod.CONNECT.is(exchange.getMethod())) {
            client.forwarded();
        }
    }

    private void fail(ProxyError error, String cause, @Nullable String advice) {
        if (over) {
            return;
        }
        end();
        parts.responder().respond(exchange, response, callback, new Failure(error, cause, advice));
    }
}
