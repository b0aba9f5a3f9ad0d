package dev.portway.routing;

import dev.portway.config.LoadBalancing;
import dev.portway.config.PortwayConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.RouteTimeoutsConfig;
import dev.portway.config.TargetConfig;
import dev.portway.upstream.Backend;
import dev.portway.upstream.BackendPool;
import dev.portway.upstream.Target;
import dev.portway.upstream.Upstream;
import java.util.List;
import java.util.Map;
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

    /** Builds the table of a configuration, retaining its backends; to be given back by {@link #release}. */
    static RouteTable build(PortwayConfig config, BackendPool pool) {
        List<Route> routes = config.routes().stream()
                .map(route -> compile(route, config, pool))
                .toList();
        TargetConfig target = config.defaultRoute().target();
        return new RouteTable(config, routes, target == null ? null : compile(defaultRoute(target), config, pool));
    }

    /** Gives back the backends that {@link #build} retained. */
    void release(BackendPool pool) {
        for (Route route : routes) {
            route.upstream().targets().forEach(target -> pool.release(target.backend()));
        }
        if (defaultRoute != null) {
            defaultRoute.upstream().targets().forEach(target -> pool.release(target.backend()));
        }
    }

    private static Route compile(RouteConfig route, PortwayConfig config, BackendPool pool) {
        List<Target> targets = route.targets().stream()
                .map(target -> new Target(
                        pool.retain(Backend.Identity.of(target.url(), route.health())),
                        target.url(),
                        target.weight(),
                        target.state(),
                        null))
                .toList();
        return new Route(
                route,
                new Upstream(targets, route.loadBalancing()),
                config.proxy().timeouts().with(route.timeouts()));
    }

    private static RouteConfig defaultRoute(TargetConfig target) {
        return new RouteConfig(
                Route.DEFAULT_ID,
                List.of(),
                "/",
                List.of(),
                Map.of(),
                true,
                Map.of(),
                List.of(target),
                LoadBalancing.ROUND_ROBIN,
                null,
                RouteTimeoutsConfig.INHERITED,
                null);
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
