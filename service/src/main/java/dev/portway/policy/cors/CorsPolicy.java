package dev.portway.policy.cors;

import dev.portway.config.CorsConfig;
import dev.portway.config.RouteConfig;
import dev.portway.exchange.Drain;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.Vary;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers which pages of other origins may use a route (the Fetch standard, section 3.2). A preflight is answered
 * here, and no backend sees it; on every other response, the proxy's own errors included, what the backend says about
 * this is replaced. It keeps nobody out: a browser does, on behalf of its user; but for WebSockets, of which browsers ask
 * nobody: those of a page that is neither let in nor of the host itself are refused. Immutable.
 */
public final class CorsPolicy implements Policy {

    private static final String FIELDS_PREFIX = "access-control-";
    private static final String REQUEST_METHOD = "Access-Control-Request-Method";
    private static final String REQUEST_HEADERS = "Access-Control-Request-Headers";

    private final CorsConfig rule;
    private final Origins origins;
    private final String methods;
    private final @Nullable String headers;
    private final @Nullable String exposed;

    private CorsPolicy(CorsConfig rule) {
        this.rule = rule;
        this.origins = new Origins(rule.origins());
        this.methods = String.join(", ", rule.methods());
        this.headers = rule.headers() == null ? null : String.join(", ", rule.headers());
        this.exposed = rule.exposedHeaders().isEmpty() ? null : String.join(", ", rule.exposedHeaders());
    }

    /** The rule of {@code route}; null where it has none. */
    public static @Nullable Policy of(RouteConfig route) {
        CorsConfig rule = route.rules().cors();
        return rule == null ? null : new CorsPolicy(rule);
    }

    @Override
    public void apply(PolicyWalk walk) {
        ProxyExchange exchange = walk.exchange();
        String origin = origin(exchange.getHeaders());
        String allowed = origin != null && origins.contain(origin) ? origin : null;
        if (allowed == null && isStream(exchange) && !fromItself(exchange, origin)) {
            exchange.edits().response((self, response) -> mark(response, null));
            walk.refuse(refusal(origin, "open a stream to it"));
        } else if (!isPreflight(exchange)) {
            exchange.edits().response((self, response) -> mark(response, allowed));
            walk.proceed();
        } else if (allowed != null) {
            answer(walk, allowed);
        } else {
            exchange.edits().response((self, response) -> varyOfPreflight(response.getHeaders()));
            walk.refuse(refusal(origin, "use it"));
        }
    }

    private static Failure refusal(@Nullable String origin, String what) {
        return new Failure(
                ProxyError.FORBIDDEN,
                "the route's cors lets no page of " + (origin == null ? "several origins" : origin) + ' ' + what,
                "add the origin to cors.origins if it should");
    }

    /** Whether it asks for a WebSocket, or the like, which a browser opens for any page, and sends cookies with. */
    private static boolean isStream(ProxyExchange exchange) {
        HttpFields headers = exchange.getHeaders();
        return headers.contains(HttpHeader.ORIGIN)
                && (headers.contains(HttpHeader.UPGRADE) || exchange.protocol() != null);
    }

    /** Whether the page is of the host that it asks: to open a stream there it needs no leave. */
    private static boolean fromItself(ProxyExchange exchange, @Nullable String origin) {
        String forwarded = exchange.client().trusted() ? exchange.header("X-Forwarded-Host") : null;
        String asked = forwarded == null ? exchange.header("Host") : forwarded;
        int scheme = origin == null ? -1 : origin.indexOf("://");
        if (origin == null || scheme < 0 || asked == null) {
            return false;
        }
        return withoutDefaultPort(origin.substring(scheme + 3)).equals(withoutDefaultPort(asked));
    }

    private static String withoutDefaultPort(String authority) {
        String lower = authority.toLowerCase(Locale.ROOT);
        int end = lower.endsWith(":443") ? 4 : lower.endsWith(":80") ? 3 : 0;
        return lower.substring(0, lower.length() - end);
    }

    /** The origin of the page that asks; null where the request names none, or more than one. */
    private static @Nullable String origin(HttpFields headers) {
        List<String> values = headers.getValuesList(HttpHeader.ORIGIN);
        return values.size() == 1 ? values.get(0) : null;
    }

    /** Another OPTIONS is the backend's to answer. */
    private static boolean isPreflight(ProxyExchange exchange) {
        return HttpMethod.OPTIONS.is(exchange.getMethod())
                && exchange.getHeaders().contains(HttpHeader.ORIGIN)
                && exchange.getHeaders().contains(REQUEST_METHOD);
    }

    private void answer(PolicyWalk walk, String origin) {
        ProxyExchange exchange = walk.exchange();
        Response response = walk.response();
        HttpFields.Mutable to = response.getHeaders();
        response.setStatus(HttpStatus.NO_CONTENT_204);
        to.put(exchange.getConnectionMetaData().getConnector().getServer().getDateField());
        allow(to, origin);
        to.put("Access-Control-Allow-Methods", methods);
        String asked = exchange.getHeaders().get(REQUEST_HEADERS);
        if (headers != null && !headers.isEmpty()) {
            to.put("Access-Control-Allow-Headers", headers);
        } else if (headers == null && asked != null) {
            to.put("Access-Control-Allow-Headers", asked);
        }
        if (rule.maxAge() != null) {
            to.put("Access-Control-Max-Age", rule.maxAge().toSeconds());
        }
        varyOfPreflight(to);
        exchange.edit(response);
        response.write(true, BufferUtil.EMPTY_BUFFER, new Drain(exchange, walk.callback()));
    }

    private static void varyOfPreflight(HttpFields.Mutable to) {
        Vary.add(to, HttpHeader.ORIGIN.asString());
        Vary.add(to, REQUEST_METHOD);
        Vary.add(to, REQUEST_HEADERS);
    }

    /** @param origin that is let in; null for none */
    private void mark(Response response, @Nullable String origin) {
        HttpFields.Mutable to = response.getHeaders();
        for (var fields = to.listIterator(); fields.hasNext(); ) {
            HttpField field = fields.next();
            if (field.getLowerCaseName().startsWith(FIELDS_PREFIX)) {
                fields.remove();
            }
        }
        if (origin != null || origins.any()) {
            allow(to, origin);
            if (exposed != null) {
                to.put("Access-Control-Expose-Headers", exposed);
            }
        }
        if (!origins.any()) {
            Vary.add(to, HttpHeader.ORIGIN.asString());
        }
    }

    /** @param origin that is let in; where any is, a cache may keep one response for all, and for requests without */
    private void allow(HttpFields.Mutable to, @Nullable String origin) {
        to.put("Access-Control-Allow-Origin", origins.any() ? CorsConfig.ANY : origin);
        if (rule.credentials()) {
            to.put("Access-Control-Allow-Credentials", "true");
        }
    }
}
