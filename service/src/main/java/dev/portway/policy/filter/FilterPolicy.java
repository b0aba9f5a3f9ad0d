package dev.portway.policy.filter;

import dev.portway.config.FilterConfig;
import dev.portway.config.RouteConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import dev.portway.routing.PathReadings;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Lets through what a request may be, and refuses the rest before a backend is bothered. Immutable. */
public final class FilterPolicy implements Policy {

    private final FilterConfig rule;

    private FilterPolicy(FilterConfig rule) {
        this.rule = rule;
    }

    /** The filter of {@code route}; null where it has none. */
    public static @Nullable Policy of(RouteConfig route) {
        FilterConfig rule = route.rules().filter();
        return rule == null ? null : new FilterPolicy(rule);
    }

    @Override
    public void apply(PolicyWalk walk) {
        Failure failure = refusal(walk.exchange());
        if (failure == null) {
            walk.proceed();
        } else {
            walk.refuse(failure);
        }
    }

    private @Nullable Failure refusal(ProxyExchange exchange) {
        if (!rule.methods().isEmpty() && !rule.methods().contains(exchange.getMethod())) {
            String allowed = String.join(", ", rule.methods());
            exchange.edits().response((self, response) -> response.getHeaders().put(HttpHeader.ALLOW, allowed));
            return new Failure(
                    ProxyError.METHOD_REFUSED,
                    "the route's filter lets no " + exchange.getMethod() + " through, only " + allowed,
                    "add the method to filter.methods if it should");
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
        Set<String> readings = PathReadings.of(path);
        for (String prefix : rule.blockedPaths()) {
            if (PathReadings.under(prefix, readings)) {
                return prefix;
            }
        }
        return null;
    }
}
