package dev.portway.routing;

import dev.portway.config.RouteConfig;
import dev.portway.upstream.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routes that not everybody may use, and who tries to come to what is behind them by another: a backend that two routes
 * share may read a path as that of the guarded one where the proxy took it for the other's. Immutable.
 */
final class GuardedRoutes {

    private final @Nullable RouteMatcher
            folded; // of all routes, their paths in small letters; null where none is guarded

    GuardedRoutes(List<Route> routes) {
        this.folded = routes.stream().anyMatch(route -> route.policies().guard())
                ? new RouteMatcher(inSmallLetters(routes))
                : null;
    }

    private static List<Route> inSmallLetters(List<Route> routes) {
        List<Route> lower = new ArrayList<>(routes.size());
        for (Route route : routes) {
            lower.add(route.inSmallLetters());
        }
        return lower;
    }

    /**
     * The guarded route that {@code request} would take in another reading of its path.
     *
     * @param taken which it took
     * @return null where there is none, or its rules are those of {@code taken}
     */
    @Nullable
    Route behind(RouteRequest request, Route taken) {
        if (folded == null || request.path().charAt(0) != '/') {
            return null;
        }
        Set<String> readings = PathReadings.of(request.path());
        if (readings.size() == 1 && readings.contains(request.path())) {
            return null;
        }
        for (String reading : readings) {
            Route other = folded.match(new Reread(request, reading));
            if (other != null
                    && other.policies().guard()
                    && !other.id().equals(taken.id())
                    && !sameRules(other.config(), taken.config())
                    && sharedBackend(other, taken)) {
                return other;
            }
        }
        return null;
    }

    private static boolean sameRules(RouteConfig one, RouteConfig other) {
        return one.rules().equals(other.rules());
    }

    private static boolean sharedBackend(Route one, Route other) {
        for (Target target : one.upstream().targets()) {
            for (Target theirs : other.upstream().targets()) {
                if (target.url().authority().equals(theirs.url().authority())) {
                    return true;
                }
            }
        }
        return false;
    }

    private record Reread(RouteRequest request, String path) implements RouteRequest {

        @Override
        public String method() {
            return request.method();
        }

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
