package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.AuthConfig;
import dev.portway.config.ClientsConfig;
import dev.portway.config.FilterConfig;
import dev.portway.config.RateLimitConfig;
import dev.portway.config.RulesConfig;
import dev.portway.config.TargetUrl;
import dev.portway.upstream.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The routes that not everybody may use, and who tries to come to what is behind them by another: a backend that two routes
 * share may read a path, or a header that names another method, as one of the guarded route where the proxy took the request
 * for the other's, and a rewrite may make a path of the guarded route's of one that is not (decision 161). Immutable.
 */
final class GuardedRoutes {

    private static final int MAX_METHODS = 8; // of one request; nobody means well by more

    private final @Nullable RouteMatcher
            folded; // of all routes, their paths as in readings; null where none is guarded
    private final @Nullable Route defaultRoute;
    private final Map<String, PathRewrite> rewrites; // by id, of the guarded routes that change paths
    private final Map<String, Neighbour> neighbours; // by id, those of routes that others could be led round by

    /** @param defaultRoute null for none */
    GuardedRoutes(List<Route> routes, @Nullable Route defaultRoute) {
        List<Route> all = new ArrayList<>(routes);
        if (defaultRoute != null) {
            all.add(defaultRoute);
        }
        boolean any = all.stream().anyMatch(route -> route.policies().guard());
        this.folded = any ? new RouteMatcher(routes.stream().map(Route::folded).toList()) : null;
        this.defaultRoute = defaultRoute;
        this.rewrites = all.stream()
                .filter(route -> route.policies().guard())
                .filter(route -> PathRewrite.of(route.config()).changes())
                .collect(Collectors.toUnmodifiableMap(Route::id, route -> PathRewrite.of(route.config())));
        this.neighbours = any ? neighbours(all) : Map.of();
    }

    private static Map<String, Neighbour> neighbours(List<Route> routes) {
        Map<String, Map<Guards, Route>> guarded = new HashMap<>();
        for (Route route : routes) {
            if (route.policies().guard()) {
                places(route)
                        .forEach(place -> guarded.computeIfAbsent(place, none -> new LinkedHashMap<>())
                                .putIfAbsent(Guards.of(route), route));
            }
        }
        Map<String, Neighbour> neighbours = new HashMap<>();
        for (Route route : routes) {
            places(route)
                    .flatMap(place -> guarded.getOrDefault(place, Map.of()).entrySet().stream())
                    .filter(other -> !other.getKey().equals(Guards.of(route)))
                    .findFirst()
                    .ifPresent(other -> neighbours.put(
                            route.id(), new Neighbour(other.getValue(), PathRewrite.of(route.config()))));
        }
        return neighbours;
    }

    /** Where the backends of a route are: the host, that of this machine in one spelling, and the port. */
    private static Stream<String> places(Route route) {
        return route.upstream().targets().stream().map(GuardedRoutes::place).distinct();
    }

    private static String place(Target target) {
        TargetUrl url = target.backend().identity().url();
        return (loopback(url.host()) ? "" : url.host()) + ':' + url.port();
    }

    private static boolean loopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("127.")
                || host.equals("::1")
                || host.equals("0:0:0:0:0:0:0:1");
    }

    /** Whether a guarded route, with other rules than those of {@code route}, has one of its backends. */
    boolean beside(Route route) {
        return neighbours.containsKey(route.id());
    }

    /**
     * The guarded route that {@code request} would take in another reading, or as it is sent.
     *
     * @param taken which it took
     * @return null where there is none, or its rules are those of {@code taken}
     */
    @Nullable
    Route behind(RouteRequest request, Route taken) {
        Neighbour neighbour = neighbours.get(taken.id());
        if (neighbour == null || request.path().charAt(0) != '/') {
            return null;
        }
        String sent = neighbour.rewrite.sent(request.path());
        if (PathReadings.obscure(request.path()) || PathReadings.obscure(sent)) {
            return neighbour.guarded;
        }
        Set<String> methods = methods(request);
        if (methods.size() > MAX_METHODS) {
            return neighbour.guarded;
        }
        Set<String> paths = PathReadings.of(request.path());
        if (methods.size() > 1 || paths.size() > 1 || !paths.contains(request.path())) {
            for (String path : paths) {
                Route guarded = guarded(request, methods, path, taken);
                if (guarded != null) {
                    return guarded;
                }
            }
        }
        for (Target target : taken.upstream().targets()) {
            String base = target.url().path();
            if (!base.isEmpty() || neighbour.rewrite.changes()) {
                Route guarded = whereSent(
                        request, methods, base + sent, PathReadings.folded(base + neighbour.rewrite.fixed()), taken);
                if (guarded != null) {
                    return guarded;
                }
            }
        }
        return null;
    }

    /**
     * The guarded route of a path as the backend gets it.
     *
     * @param own its beginning, which is the configuration's word: a route that has all of that is not gone round
     */
    private @Nullable Route whereSent(RouteRequest request, Set<String> methods, String sent, String own, Route taken) {
        for (String path : PathReadings.of(sent)) {
            Route guarded = guarded(request, methods, path, taken);
            boolean inside = PathReadings.under(own, Set.of(path));
            boolean meant = guarded != null
                    && inside
                    && (PathReadings.under(guarded.config().path(), Set.of(own)) || !sendsAsItIs(guarded, path));
            if (guarded != null && !meant) {
                return guarded;
            }
        }
        return null;
    }

    /** Whether a backend of a route may get this path of it as it is, so that a path another one sends is the same thing. */
    private boolean sendsAsItIs(Route route, String path) {
        PathRewrite rewrite = rewrites.get(route.id());
        return (rewrite == null || rewrite.sent(path).equals(path))
                && route.upstream().targets().stream()
                        .anyMatch(target -> target.url().path().isEmpty());
    }

    private @Nullable Route guarded(RouteRequest request, Set<String> methods, String path, Route taken) {
        for (String method : methods) {
            Route other = requireNonNull(folded).match(new Reread(request, method, path));
            Route guarded = other == null ? defaultRoute : other;
            if (guarded != null
                    && guarded.policies().guard()
                    && !guarded.id().equals(taken.id())
                    && !sameGuards(guarded, taken)
                    && sharedBackend(guarded, taken)) {
                return guarded;
            }
        }
        return null;
    }

    /** The request's own, and what it asks a backend to take it for. */
    private static Set<String> methods(RouteRequest request) {
        Set<String> methods = new TreeSet<>(Set.of(request.method()));
        methods.addAll(request.otherMethods());
        return methods;
    }

    private static boolean sameGuards(Route one, Route other) {
        return Guards.of(one).equals(Guards.of(other));
    }

    private static boolean sharedBackend(Route one, Route other) {
        return places(one).anyMatch(place -> places(other).anyMatch(place::equals));
    }

    /** What a route has beside it: one of the guarded ones at the same backend, and what becomes of its own paths. */
    private record Neighbour(Route guarded, PathRewrite rewrite) {}

    /** What keeps requests out of a route; what else its rules say does not matter here. */
    private record Guards(
            @Nullable FilterConfig filter,
            @Nullable RateLimitConfig rateLimit,
            @Nullable ClientsConfig clients,
            @Nullable AuthConfig auth) {

        static Guards of(Route route) {
            RulesConfig rules = route.config().rules();
            return new Guards(rules.filter(), rules.rateLimit(), rules.clients(), rules.auth());
        }
    }

    private record Reread(RouteRequest request, String method, String path) implements RouteRequest {

        @Override
        public String host() {
            return request.host();
        }

        @Override
        public @Nullable String header(String name) {
            return request.header(name);
        }
    }
}
