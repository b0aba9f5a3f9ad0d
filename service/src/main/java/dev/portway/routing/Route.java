package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.RouteConfig;
import dev.portway.config.TimeoutsConfig;
import dev.portway.upstream.RetryBudget;
import dev.portway.upstream.Upstream;

/**
 * A route as a request reads it. Immutable.
 *
 * @param config as written
 * @param upstream where its requests go
 * @param retries how many of its requests may be sent twice
 * @param policies what is allowed and changed
 * @param timeouts its own, the proxy's where it has none
 */
public record Route(
        RouteConfig config, Upstream upstream, RetryBudget retries, RoutePolicies policies, TimeoutsConfig timeouts) {

    /** The id of the route made of the file's {@code default}. */
    public static final String DEFAULT_ID = "default";

    /** The id of the way that requests for other hosts take; no route can have it. */
    public static final String OUTBOUND_ID = "*";

    public Route {
        requireNonNull(config, "config");
        requireNonNull(upstream, "upstream");
        requireNonNull(retries, "retries");
        requireNonNull(policies, "policies");
        requireNonNull(timeouts, "timeouts");
    }

    public String id() {
        return config.id();
    }

    /** The same rules, for requests that go there. */
    public Route to(Upstream there) {
        return new Route(config, there, retries, policies, timeouts);
    }

    /** The same route, its path as {@link PathReadings} have it. */
    Route folded() {
        RouteConfig folded = config.at(PathReadings.folded(config.path()));
        return new Route(folded, upstream, retries, policies, timeouts);
    }
}
