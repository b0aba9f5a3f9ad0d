package dev.portway.policy.transform;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portway.config.RequestConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.TargetConfig;
import dev.portway.exchange.Drain;
import dev.portway.exchange.Failure;
import dev.portway.exchange.Listed;
import dev.portway.exchange.OutgoingRequest;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import dev.portway.routing.PathRewrite;
import dev.portway.routing.RequestPath;
import java.util.Locale;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/**
 * Sends another path, query, method or body to the backend than the client has sent, and puts right what the backend says
 * of its own paths and hosts in the response. Thread-safe.
 */
final class TransformPolicy implements Policy {

    private final PathRewrite path;
    private final QueryEdits query;
    private final @Nullable String method;
    private final byte @Nullable [] body;
    private final boolean repairs;
    private final String route;
    private final Set<String> upgrades;
    private final ObjIntConsumer<String> repaired;

    /** @param repaired told of the fields of each response that are put right, of which there may be none */
    TransformPolicy(RouteConfig route, ObjIntConsumer<String> repaired) {
        RequestConfig request = route.rules().request();
        String written = request.body();
        this.path = PathRewrite.of(route);
        this.query = new QueryEdits(request);
        this.method = request.method();
        this.body = written == null ? null : written.getBytes(UTF_8);
        this.repairs = route.rules().rewrite().repair() && (path.changes() || elsewhere(route));
        this.route = route.id();
        this.upgrades = Set.copyOf(route.upgrades());
        this.repaired = repaired;
    }

    /** Whether a backend may know itself by another host, or below another path. */
    private static boolean elsewhere(RouteConfig route) {
        String host = route.hostHeader();
        for (TargetConfig target : route.targets()) {
            boolean otherHost =
                    host == null ? target.url().secure() || target.url().local() : !host.equals("preserve");
            if (otherHost || !target.url().path().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    boolean changes() {
        return repairs || path.changes() || query.changes() || method != null || body != null;
    }

    @Override
    public void apply(PolicyWalk walk) {
        ProxyExchange exchange = walk.exchange();
        String sent;
        try {
            sent = path.apply(RequestPath.resolveDots(exchange.getHttpURI().getPath()));
        } catch (IllegalArgumentException e) {
            walk.refuse(new Failure(
                    ProxyError.BAD_REQUEST,
                    "the route's rewrite makes no path of " + exchange.path() + ": " + e.getMessage()));
            return;
        }
        exchange.edits().request((self, request) -> change(self, request, sent));
        exchange.edits().response(this::change);
        if (body == null || !exchange.hasBody()) {
            walk.proceed();
        } else {
            // The client's own is read and dropped first: it is not the backend that would take it off the connection.
            new Drain(exchange, Callback.from(InvocationType.NON_BLOCKING, walk::proceed, late -> refuse(walk)))
                    .succeeded();
        }
    }

    private static void refuse(PolicyWalk walk) {
        walk.refuse(new Failure(
                ProxyError.UPLOAD_TIMEOUT,
                "the route sends a body of its own, and the client's took too long to be read away"));
    }

    private void change(ProxyExchange exchange, OutgoingRequest request, String sent) {
        request.path(sent);
        if (query.changes()) {
            request.query(query.apply(exchange, request.query()));
        }
        if (handshake(exchange)) {
            return; // which is a GET without a body
        }
        if (method != null) {
            request.method(method);
        }
        if (body != null) {
            request.body(body);
        }
    }

    /** One that the route lets through: whoever merely says so does not get round what the route sends. */
    private boolean handshake(ProxyExchange exchange) {
        return exchange.protocol() != null
                || (HttpMethod.GET.is(exchange.getMethod())
                        && !exchange.hasBody()
                        && Listed.in(exchange.getHeaders(), HttpHeader.UPGRADE).stream()
                                .anyMatch(protocol -> upgrades.contains(protocol.toLowerCase(Locale.ROOT))));
    }

    private void change(ProxyExchange exchange, Response response) {
        if (exchange.error() != null || exchange.target() == null) {
            return;
        }
        if (HttpMethod.HEAD.is(method) && !HttpMethod.HEAD.is(exchange.getMethod())) {
            response.getHeaders().remove(HttpHeader.CONTENT_LENGTH); // of a body that is not there
        }
        if (repairs) {
            repaired.accept(route, new ResponseRepair(exchange, path).apply(response));
        }
    }
}
