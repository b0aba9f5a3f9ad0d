package dev.portway.policy.filter;

import dev.portway.config.FilterConfig;
import dev.portway.config.PathTrick;
import dev.portway.config.RouteConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import dev.portway.routing.PathReadings;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * Lets through what a request may be, and refuses the rest before a backend is bothered; a body that turns out too large when
 * some of it is on its way is broken off. Immutable.
 */
public final class FilterPolicy implements Policy {

    private final FilterConfig rule;
    private final @Nullable ResponseFilter response;

    private FilterPolicy(FilterConfig rule) {
        this.rule = rule;
        this.response = rule.response() == null ? null : new ResponseFilter(rule.response());
    }

    /** The filter of {@code route}; null where it has none. */
    public static @Nullable Policy of(RouteConfig route) {
        FilterConfig rule = route.rules().filter();
        return rule == null ? null : new FilterPolicy(rule);
    }

    @Override
    public boolean guards() {
        return true;
    }

    @Override
    public void apply(PolicyWalk walk) {
        Failure failure = refusal(walk.exchange());
        if (failure != null) {
            walk.refuse(failure);
            return;
        }
        if (response != null && !HttpMethod.CONNECT.is(walk.exchange().getMethod())) {
            response.watch(walk);
        }
        walk.proceed();
    }

    private @Nullable Failure refusal(ProxyExchange exchange) {
        Failure failure = ofMethod(exchange);
        failure = failure == null ? ofPath(exchange) : failure;
        failure = failure == null ? ofHead(exchange) : failure;
        return failure == null ? ofBody(exchange) : failure;
    }

    private @Nullable Failure ofMethod(ProxyExchange exchange) {
        if (rule.methods().isEmpty()) {
            return null;
        }
        if (!rule.methods().contains(exchange.getMethod())) {
            return refusedMethod(exchange, exchange.getMethod());
        }
        for (String method : exchange.otherMethods()) {
            if (!rule.methods().contains(method)) {
                return refusedMethod(exchange, method);
            }
        }
        return null;
    }

    private Failure refusedMethod(ProxyExchange exchange, String method) {
        String allowed = String.join(", ", rule.methods());
        exchange.edits().response((self, response) -> response.getHeaders().put(HttpHeader.ALLOW, allowed));
        return new Failure(
                ProxyError.METHOD_REFUSED,
                "the route's filter lets no " + method + " through, only " + allowed,
                "add the method to filter.methods if it should");
    }

    private @Nullable Failure ofPath(ProxyExchange exchange) {
        if (HttpMethod.CONNECT.is(exchange.getMethod())) {
            return null; // nobody sees what is asked for in a tunnel
        }
        String raw = exchange.getHttpURI().getPathQuery();
        if (rule.maxUrl() != FilterConfig.ANY && raw.length() > rule.maxUrl()) {
            return new Failure(
                    ProxyError.URI_TOO_LONG,
                    "path and query have more than the " + rule.maxUrl() + " of filter.maxUrl");
        }
        PathTrick trick = PathTricks.in(exchange.getHttpURI().getPath(), rule.refusedPaths());
        if (trick != null) {
            return new Failure(
                    ProxyError.BAD_REQUEST, "the route's filter lets no path with " + trick.written() + " through");
        }
        String blocked = blocked(exchange.path());
        return blocked == null
                ? null
                : new Failure(
                        ProxyError.FORBIDDEN,
                        "the path " + exchange.path() + " is, or may be read as, one under " + blocked
                                + ", which the route's filter blocks");
    }

    private @Nullable String blocked(String path) {
        if (rule.blockedPaths().isEmpty()) {
            return null;
        }
        if (PathReadings.obscure(path)) {
            return rule.blockedPaths().get(0);
        }
        Set<String> readings = PathReadings.of(path);
        for (String prefix : rule.blockedPaths()) {
            if (PathReadings.under(prefix, readings)) {
                return prefix;
            }
        }
        return null;
    }

    private @Nullable Failure ofHead(ProxyExchange exchange) {
        if (rule.maxHeaders() != FilterConfig.ANY && exchange.getHeaders().size() > rule.maxHeaders()) {
            return new Failure(
                    ProxyError.HEADERS_TOO_LARGE,
                    "there are more headers than the " + rule.maxHeaders() + " of filter.maxHeaders");
        }
        return rule.maxHeaderBytes() == FilterConfig.ANY
                        || HeaderBytes.of(exchange.getHeaders()) <= rule.maxHeaderBytes()
                ? null
                : new Failure(
                        ProxyError.HEADERS_TOO_LARGE,
                        "the headers have more than the " + rule.maxHeaderBytes() + " bytes of filter.maxHeaderBytes");
    }

    private @Nullable Failure ofBody(ProxyExchange exchange) {
        if (!exchange.hasBody()) {
            return null;
        }
        if (!rule.types().isEmpty() && !MediaTypes.allowed(exchange.getHeaders(), rule.types())) {
            return new Failure(
                    ProxyError.TYPE_REFUSED,
                    "the route's filter lets no body of the type "
                            + exchange.getHeaders().get(HttpHeader.CONTENT_TYPE) + " through",
                    "add the type to filter.types if it should");
        }
        if (rule.maxBody() == FilterConfig.ANY) {
            return null;
        }
        Failure tooLarge = new Failure(
                ProxyError.CONTENT_TOO_LARGE,
                "the body has more than the " + rule.maxBody() + " bytes of the route's filter",
                "raise filter.maxBody if it may");
        if (exchange.getLength() > rule.maxBody()) {
            return tooLarge;
        }
        exchange.limitBody(rule.maxBody(), tooLarge);
        return null;
    }
}
