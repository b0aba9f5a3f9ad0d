package dev.portway.cli;

import dev.portway.api.Route;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A route in the words of the command line. */
final class RouteWords {

    private RouteWords() {}

    /** What it is for: {@code api.localhost/v1, api.test/v1}. */
    static String places(Route route) {
        return Place.of(route).stream().map(Place::words).collect(Collectors.joining(", "));
    }

    /** Where it goes; what it answers itself where it goes nowhere. */
    static String targets(Route route) {
        List<String> targets = route.targets();
        if (!targets.isEmpty()) {
            return String.join(", ", targets);
        }
        return route.json().containsKey("redirect") ? "(redirect)" : "(answers itself)";
    }

    /** Where it is written: {@code file}, or {@code lease of vite}. */
    static String source(Route route) {
        Object lease = route.json().get("lease");
        Object owner = lease instanceof Map<?, ?> terms ? terms.get("owner") : null;
        return owner instanceof String name && !name.isEmpty() ? route.source() + " of " + name : route.source();
    }

    /** What to open to come to it; empty where the proxy does not say where it listens. */
    static Optional<String> url(Route route, List<URI> listeners) {
        return listeners.stream()
                .findFirst()
                .map(listener -> Place.of(route).get(0).url(listener));
    }
}
