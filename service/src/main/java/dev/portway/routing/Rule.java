package dev.portway.routing;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a request must be, beside its host and path, to take a route. Immutable. */
final class Rule {

    private static final String ANY = "*";

    private final Route route;
    private final int order;
    private final String[] methods;
    private final String[] headerNames;
    private final String[] headerValues; // by the index of the name

    /** @param order of the route in the file */
    Rule(Route route, int order) {
        this.route = route;
        this.order = order;
        this.methods = route.config().methods().toArray(String[]::new);
        Map<String, String> headers = new TreeMap<>(route.config().headers());
        this.headerNames = headers.keySet().toArray(String[]::new);
        this.headerValues = headers.values().toArray(String[]::new);
    }

    Route route() {
        return route;
    }

    int order() {
        return order;
    }

    /** How many conditions it sets: one for the methods together, one for each header. */
    int conditions() {
        return (methods.length == 0 ? 0 : 1) + headerNames.length;
    }

    boolean fits(RouteRequest request) {
        return methodFits(request) && unmetHeader(request) == null;
    }

    boolean methodFits(RouteRequest request) {
        if (methods.length == 0) {
            return true;
        }
        String method = request.method();
        for (String served : methods) {
            if (served.equals(method)) {
                return true;
            }
        }
        return false;
    }

    /** The name of the first header that the request lacks, as written; null if it has them all. */
    @Nullable
    String unmetHeader(RouteRequest request) {
        for (int i = 0; i < headerNames.length; i++) {
            String value = request.header(headerNames[i]);
            if (value == null || !(headerValues[i].equals(ANY) || headerValues[i].equals(value))) {
                return headerNames[i];
            }
        }
        return null;
    }
}
