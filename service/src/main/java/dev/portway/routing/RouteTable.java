package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.EjectionConfig;
import dev.portway.config.PortwayConfig;
import dev.portway.config.RateConfig;
import dev.portway.upstream.Backend;
import dev.portway.upstream.BackendPool;
import dev.portway.upstream.Target;
import dev.portway.upstream.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything a request needs to find its route, and the configuration it was built from. Immutable. */
public final class RouteTable {

    private final PortwayConfig config;
    private final List<Route> routes;
    private final Map<String, Route> byId;
    private final @Nullable Route defaultRoute;
    private final @Nullable Route outbound;
    private final RouteMatcher matcher;
    private final GuardedRoutes guarded;

    RouteTable(PortwayConfig config, List<Route> routes, @Nullable Route defaultRoute, @Nullable Route outbound) {
        this.config = requireNonNull(config, "config");
        this.routes = List.copyOf(routes);
        this.byId = new HashMap<>();
        for (Route route : routes) {
            if (byId.putIfAbsent(route.id(), route) != null) {
                throw new IllegalArgumentException("id: " + route.id() + " (expected: one route of each id)");
            }
        }
        this.defaultRoute = defaultRoute;
        this.outbound = outbound;
        this.matcher = new RouteMatcher(this.routes);
        this.guarded = new GuardedRoutes(this.routes, defaultRoute);
    }

    /** Builds the first table; see {@link #build(PortwayConfig, TableParts, RouteTable)}. */
    public static RouteTable build(PortwayConfig config, TableParts parts) {
        return build(config, parts, null);
    }

    /**
     * Builds a table whole, or throws and leaves the pool of backends as it was. It holds its backends until {@link #release}.
     *
     * @param config without errors
     * @param previous the table in force, not yet released: a route that says the same as there about its targets keeps
     *     its {@link dev.portway.upstream.Upstream}, hence its turn in a rotation; null for none
     */
    public static RouteTable build(PortwayConfig config, TableParts parts, @Nullable RouteTable previous) {
        return new RouteCompiler(config, parts, previous).compile();
    }

    /** Gives the backends back, once, when another table is in force; requests on their way may still use them. */
    public void release(BackendPool pool) {
        for (Target target : targets()) {
            pool.release(target.backend());
        }
    }

    /**
     * Where a request goes by now that another table let in by {@code route}: to the targets that the route has here, unless what
     * is done to the request would be other here, or the route is not there any more. Then it goes on as it began: what was
     * added to it there may not be meant for these targets, and these may want rules that it has not met: its own, or
     * those of a guarded route to the same backends.
     */
    public Upstream upstreamOf(Route route) {
        Route here = route.id().equals(Route.DEFAULT_ID) ? defaultRoute : byId.get(route.id());
        return here != null
                        && here.config().enabled()
                        && here.config().treatsAs(route.config())
                        && !guarded.beside(here)
                ? here.upstream()
                : route.upstream();
    }

    /** Lets its backends forget what was counted by rules that are not in it, once it is in force and the one before is released. */
    void settle() {
        Map<Backend, Set<EjectionConfig>> rules = new HashMap<>();
        Map<Backend, Set<RateConfig>> rates = new HashMap<>();
        for (Target target : targets()) {
            Set<EjectionConfig> ofBackend = rules.computeIfAbsent(target.backend(), backend -> new HashSet<>());
            if (target.standing() != null) {
                ofBackend.add(target.standing().rule());
            }
            RateConfig rate = target.config().maxRequests();
            if (rate != null) {
                rates.computeIfAbsent(target.backend(), backend -> new HashSet<>())
                        .add(rate);
            }
        }
        rules.forEach((backend, kept) -> backend.keepOnly(kept, rates.getOrDefault(backend, Set.of())));
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

    /** The rules that requests for other hosts are held to, as a route without targets; null where the proxy goes to none. */
    public @Nullable Route outbound() {
        return outbound;
    }

    /** All that have rules: the routes, the default and {@link #outbound}. */
    public List<Route> ruled() {
        List<Route> ruled = new ArrayList<>(routes);
        if (defaultRoute != null) {
            ruled.add(defaultRoute);
        }
        if (outbound != null) {
            ruled.add(outbound);
        }
        return ruled;
    }

    /** The route of this id, disabled or not; never the default. */
    public Optional<Route> route(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The backends of all routes, the default's included, each once, in the order of the file. */
    public Set<Backend> backends() {
        Set<Backend> backends = new LinkedHashSet<>();
        for (Target target : targets()) {
            backends.add(target.backend());
        }
        return backends;
    }

    /** The route that serves this request: the most specific, else the default; null if neither is there. */
    public @Nullable Route match(RouteRequest request) {
        Route route = matcher.match(request);
        return route == null ? defaultRoute : route;
    }

    /**
     * The route with rules that keep people out which the request would take if its path were read as some backends
     * read it, and whose backend is one of {@code taken}'s as well; null where there is none.
     *
     * @param taken what {@link #match} gave
     */
    public @Nullable Route guardedOtherwise(RouteRequest request, Route taken) {
        return guarded.behind(request, taken);
    }

    /** Whether rules keep somebody out of a backend of {@code taken}, by that route or by another. */
    public boolean guarded(Route taken) {
        return taken.policies().guard() || guarded.beside(taken);
    }

    /** What {@link #match} does with a request, and why. */
    public Explanation explain(SampleRequest request) {
        return Explanation.of(this, request);
    }

    RouteMatcher matcher() {
        return matcher;
    }

    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (Route route : routes) {
            targets.addAll(route.upstream().targets());
        }
        if (defaultRoute != null) {
            targets.addAll(defaultRoute.upstream().targets());
        }
        return targets;
    }
}
