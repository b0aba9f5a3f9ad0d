package dev.portway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The hosts and paths that routes have taken, to tell whether one more could ever match. Confined. */
public final class TakenPlaces {

    private static final List<String> ANY_HOST = List.of("");

    private final Map<String, List<RouteConfig>> routes = new HashMap<>(); // by host and path

    /** Those of routes in the order of precedence among equals. */
    public TakenPlaces(List<RouteConfig> routes) {
        routes.forEach(this::take);
    }

    /** Takes the places of one more; a disabled one takes none. */
    public void take(RouteConfig route) {
        if (!route.enabled()) {
            return;
        }
        for (String host : hosts(route)) {
            routes.computeIfAbsent(place(host, route), key -> new ArrayList<>(1))
                    .add(route);
        }
    }

    /** A route that takes everything that this one could on one of its hosts, if it stood behind it. */
    public Optional<RouteConfig> hiding(RouteConfig route) {
        if (!route.enabled()) {
            return Optional.empty();
        }
        for (String host : hosts(route)) {
            for (RouteConfig earlier : routes.getOrDefault(place(host, route), List.of())) {
                if (ShadowedRoutes.hides(earlier, route)) {
                    return Optional.of(earlier);
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> hosts(RouteConfig route) {
        return route.host().isEmpty() ? ANY_HOST : route.host();
    }

    private static String place(String host, RouteConfig route) {
        return host + " " + route.path();
    }
}
