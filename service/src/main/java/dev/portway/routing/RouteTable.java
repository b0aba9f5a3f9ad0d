package dev.portway.routing;

import dev.portway.config.PortwayConfig;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything a request needs to find its route, and the configuration it was built from. Immutable. */
@SuppressWarnings("all") // skeleton
public final class RouteTable {

    private final PortwayConfig config;
    private final List<Route> routes;
    private final @Nullable Route defaultRoute;

    RouteTable(PortwayConfig config, List<Route> routes, @Nullable Route defaultRoute) {
        this.config = config;
        this.routes = List.copyOf(routes);
        this.defaultRoute = defaultRoute;
    }

    public PortwayConfig config() {
        return config;
    }

    /** In the order of the file, disabled ones included, the default left out. */
    public List<Route> routes() {
        return routes;
    }

    /** What takes the requests no route matches; null if they are answered 404. */
    public @Nullable Route defaultRoute() {
        return defaultRoute;
    }

    public Optional<Route> route(String id) {
        return routes.stream().filter(route -> route.id().equals(id)).findFirst();
    }

    /** The route that serves this request: the most specific, else the default; null if neither is there. */
    public @Nullable Route match(RouteRequest request) {
        return defaultRoute;
    }
}
