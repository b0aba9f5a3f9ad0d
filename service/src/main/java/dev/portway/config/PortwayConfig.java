package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A whole configuration as written, with defaults filled in. Immutable.
 *
 * @param proxy listeners, timeouts and limits
 * @param routes in the order of the file
 * @param defaultRoute what answers where no route matches; the file's {@code default}
 * @param logging where log lines go and how they look
 */
public record PortwayConfig(
        ProxyConfig proxy, List<RouteConfig> routes, DefaultRouteConfig defaultRoute, LoggingConfig logging) {

    public PortwayConfig {
        requireNonNull(proxy, "proxy");
        routes = List.copyOf(routes);
        requireNonNull(defaultRoute, "defaultRoute");
        requireNonNull(logging, "logging");
    }
}
