package dev.portway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds routes that can never be reached because one before them takes everything they could. By the order of
 * precedence that can only be a route on the same host and path, with as many conditions, earlier in the file.
 */
final class ShadowedRoutes {

    private static final String ANY_HOST = "";

    private ShadowedRoutes() {}

    /** Warns about each, at its place. */
    static void warn(List<RouteConfig> routes, List<Cursor> places) {
        Map<String, List<Integer>> earlier = new HashMap<>(); // by host and path
        for (int i = 0; i < routes.size(); i++) {
            RouteConfig route = routes.get(i);
            if (!route.enabled()) {
                continue;
            }
            for (String host : route.host().isEmpty() ? List.of(ANY_HOST) : route.host()) {
                List<Integer> rivals = earlier.computeIfAbsent(host + " " + route.path(), key -> new ArrayList<>(1));
                for (int rival : rivals) {
                    if (hides(routes.get(rival), route)) {
                        Cursor place = places.get(i);
                        place.warning(called(route, place, "this route") + " can never match" + on(host, route, place)
                                + ": " + called(routes.get(rival), places.get(rival), "the route") + " at "
                                + places.get(rival).pointer() + " hides it");
                        break;
                    }
                }
                rivals.add(i);
            }
        }
    }

    /** By its id, unless a placeholder is part of that or of what it is made from. */
    private static String called(RouteConfig route, Cursor place, String unnamed) {
        Cursor id = place.member("id");
        if (!id.written().isMissingNode()) {
            return "route " + id.mention("\"" + route.id() + "\"");
        }
        boolean hidden =
                place.member("host").hasPlaceholder() || place.member("path").hasPlaceholder();
        return hidden ? unnamed : "route \"" + route.id() + "\"";
    }

    private static String on(String host, RouteConfig route, Cursor place) {
        if (route.host().size() <= 1) {
            return "";
        }
        return " on " + (place.member("host").hasPlaceholder() ? "one of its hosts" : host);
    }

    /** Whether the later of two routes on the same host and path can never match. */
    static boolean hides(RouteConfig earlier, RouteConfig later) {
        boolean methods = earlier.methods().isEmpty()
                ? later.methods().isEmpty()
                : !later.methods().isEmpty() && earlier.methods().containsAll(later.methods());
        return methods && earlier.headers().size() == later.headers().size() && headersHide(earlier, later);
    }

    private static boolean headersHide(RouteConfig earlier, RouteConfig later) {
        for (Map.Entry<String, String> condition : earlier.headers().entrySet()) {
            boolean implied = later.headers().entrySet().stream()
                    .anyMatch(other -> lower(other.getKey()).equals(lower(condition.getKey()))
                            && (condition.getValue().equals("*")
                                    || condition.getValue().equals(other.getValue())));
            if (!implied) {
                return false;
            }
        }
        return true;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
