package dev.portway.routing;

import dev.portway.config.RouteConfig;
import dev.portway.config.TargetUrl;
import dev.portway.upstream.Target;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The routes that not everybody may use, and who tries to come to what is behind them by another: a backend that two routes
 * share may read a path, or a header that names another method, as one of the guarded route where the proxy took the request
 * for the other's. Immutable.
 */
final class GuardedRoutes {

    private static final List<String> OVERRIDES =
            List.of("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override");

    private final @Nullable RouteMatcher
            folded; // of all routes, their paths as in readings; null where none is guarded
    private final @Nullable Route defaultRoute;

    /** @param defaultRoute null for none */
    GuardedRoutes(List<Route> routes, @Nullable Route defaultRoute) {
        boolean any = routes.stream().anyMatch(route -> route.policies().guard())
                || (defaultRoute != null && defaultRoute.policies().guard());
        this.folded = any ? new RouteMatcher(routes.stream().map(Route::folded).toList()) : null;
        this.defaultRoute = defaultRoute;
    }

    /**
     * The guarded route that {@code request} would take in another reading.
     *
     * @param taken which it took
     * @return null where there is none, or its rules are those of {@code taken}
     */
    @Nullable
    Route behind(RouteRequest request, Route taken) {
        if (folded == null || request.path().charAt(0) != '/') {
            return null;
        }
        Set<String> paths = PathReadings.of(request.path());
        addWaysOut(taken, request.path(), paths);
        Set<String> methods = methods(request);
        if (methods.size() == 1 && paths.size() == 1 && paths.contains(request.path())) {
            return null;
        }
        for (String path : paths) {
            for (String method : methods) {
                Route other = folded.match(new Reread(request, method, path));
                Route guarded = other == null ? defaultRoute : other;
                if (guarded != null
                        && guarded.policies().guard()
                        && !guarded.id().equals(taken.id())
                        && !sameRules(guarded.config(), taken.config())
                        && sharedBackend(guarded, taken)) {
                    return guarded;
                }
            }
        }
        return null;
    }

    /** Adds the readings that lead out of the base path of a target, to what else the backend has. */
    private static void addWaysOut(Route taken, String path, Set<String> paths) {
        for (Target target : taken.upstream().targets()) {
            String base = target.url().path();
            if (!base.isEmpty()) {
                for (String reading : PathReadings.of(base + path)) {
                    if (!PathReadings.under(base, Set.of(reading))) {
                        paths.add(reading);
                    }
                }
            }
        }
    }

    /** The request's own, and what it asks a backend to take it for. */
    private static Set<String> methods(RouteRequest request) {
        Set<String> methods = new TreeSet<>(Set.of(request.method()));
        for (String header : OVERRIDES) {
            String named = request.header(header);
            if (named != null) {
                methods.add(named.strip().toUpperCase(Locale.ROOT));
            }
        }
        return methods;
    }

    private static boolean sameRules(RouteConfig one, RouteConfig other) {
        return one.rules().equals(other.rules());
    }

    private static boolean sharedBackend(Route one, Route other) {
        for (Target target : one.upstream().targets()) {
            for (Target theirs : other.upstream().targets()) {
                if (samePlace(
                        target.backend().identity().url(),
                        theirs.backend().identity().url())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean samePlace(TargetUrl one, TargetUrl other) {
        return one.port() == other.port()
                && (one.host().equals(other.host()) || (loopback(one.host()) && loopback(other.host())));
    }

    private static boolean loopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("127.")
                || host.equals("::1")
                || host.equals("0:0:0:0:0:0:0:1");
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
