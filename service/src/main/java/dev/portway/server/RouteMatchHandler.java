package dev.portway.server;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ErrorResponder;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.observe.ProxyMetrics;
import dev.portway.routing.RequestPath;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.transport.ClientLink;
import java.util.Locale;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request, by one look at the table in force. Thread-safe. */
final class RouteMatchHandler extends Handler.Wrapper {

    private final Supplier<RouteTable> tables;
    private final ErrorResponder responder;
    private final ProxyMetrics metrics;

    RouteMatchHandler(Supplier<RouteTable> tables, ErrorResponder responder, ProxyMetrics metrics, Handler next) {
        super(next);
        this.tables = requireNonNull(tables, "tables");
        this.responder = requireNonNull(responder, "responder");
        this.metrics = requireNonNull(metrics, "metrics");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ProxyExchange exchange = ProxyExchange.of(request);
        Failure failure = match(exchange);
        if (failure != null) {
            responder.respond(exchange, response, callback, failure);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private @Nullable Failure match(ProxyExchange exchange) {
        Failure wrongListener = RequestRules.wrongListener(exchange);
        if (wrongListener != null) {
            return wrongListener;
        }
        RouteTable table = tables.get();
        if (HttpMethod.CONNECT.is(exchange.getMethod())) {
            goElsewhere(exchange, table);
            return null; // a tunnel to another host takes no route
        }
        Failure refusal = RequestRules.refusal(exchange);
        if (refusal != null) {
            return refusal;
        }
        HttpURI uri = exchange.getHttpURI();
        try {
            exchange.path(uri.getPath().equals("*") ? "*" : RequestPath.normalize(uri.getPath()));
        } catch (IllegalArgumentException e) {
            return new Failure(ProxyError.BAD_REQUEST, "the path is malformed: " + e.getMessage());
        }
        Route route = table.match(exchange);
        boolean goesElsewhere = table.outbound() != null;
        if ((route == null || route.id().equals(Route.DEFAULT_ID)) && forElsewhere(exchange, goesElsewhere)) {
            return goElsewhere(exchange, table)
                    ? null
                    : new Failure(
                            ProxyError.NO_ROUTE,
                            "no route serves the host " + exchange.host()
                                    + ", and this proxy carries nothing to other hosts",
                            "set proxy.tunnel.enabled if it should");
        }
        if (route == null) {
            return noRoute(exchange, table);
        }
        exchange.route(route);
        metrics.routed(route.id());
        if (exchange.client().trusted() && table.guarded(route)) {
            exchange.guarded();
        }
        Route guarded = table.guardedOtherwise(exchange, route);
        if (guarded != null) {
            return new Failure(
                    ProxyError.BAD_REQUEST,
                    "the backend may read the path as one of the route " + guarded.id()
                            + ", whose rules the request would not meet here",
                    "write the path without escapes, double slashes and capitals that it does not need");
        }
        String protocol = exchange.protocol();
        if (protocol != null && !route.config().upgrades().contains(protocol.toLowerCase(Locale.ROOT))) {
            return new Failure(
                    ProxyError.PROTOCOL_REFUSED,
                    "the route lets no stream go on in the protocol asked for",
                    "name it in the route's upgrades if it should");
        }
        return null;
    }

    private static boolean goElsewhere(ProxyExchange exchange, RouteTable table) {
        Route outbound = table.outbound();
        if (outbound == null) {
            return false;
        }
        exchange.outbound(table, outbound);
        return true;
    }

    private static Failure noRoute(ProxyExchange exchange, RouteTable table) {
        String host = exchange.host().isEmpty() ? "(no host)" : exchange.host();
        String advice = table.routes().isEmpty()
                ? "there are no routes yet: add one by the admin API, or in the file"
                : "see which routes there are by GET /routes of the admin API";
        return new Failure(ProxyError.NO_ROUTE, "no route matches " + host + exchange.path(), advice);
    }

    /**
     * An absolute-form request for a host that is neither routed nor this machine asks for a forward proxy; where there is
     * one, so does a request for another port of this machine.
     */
    private static boolean forElsewhere(ProxyExchange exchange, boolean goesElsewhere) {
        return ClientLink.absoluteForm(exchange)
                && (!forThisMachine(exchange) || (goesElsewhere && port(exchange) != Request.getLocalPort(exchange)));
    }

    private static boolean forThisMachine(ProxyExchange exchange) {
        String host = exchange.host();
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals(Request.getLocalAddr(exchange))
                || host.equals("127.0.0.1")
                || host.equals("::1");
    }

    private static int port(ProxyExchange exchange) {
        HttpURI uri = exchange.getHttpURI();
        return uri.getPort() > 0 ? uri.getPort() : URIUtil.getDefaultPortForScheme(uri.getScheme());
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
