package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import dev.portway.api.Route;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a route is for, as people type it: {@code api.localhost}, {@code api.localhost/v1}, {@code /v1}, or the URL to open.
 * Immutable.
 *
 * @param host null for any
 * @param path null for any
 */
record Place(@Nullable String host, @Nullable String path) {

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it names neither host nor path, or more than these
     */
    static Place parse(String typed) {
        String rest = typed.replaceFirst("(?i)^https?://", "");
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash);
        String host = authority.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
        if ((host.isEmpty() && path.isEmpty()) || path.contains("?") || path.contains("#") || host.contains("@")) {
            throw new IllegalArgumentException(
                    "'" + typed + "' is no place for a route (expected: api.localhost, api.localhost/v1 or /v1)");
        }
        return new Place(host.isEmpty() ? null : host, path.isEmpty() || path.equals("/") ? null : path);
    }

    /** The places of a route, one for each of its hosts. */
    static List<Place> of(Route route) {
        String path = route.path().orElse(null);
        return route.hosts().isEmpty()
                ? List.of(new Place(null, path))
                : route.hosts().stream().map(host -> new Place(host, path)).toList();
    }

    /** {@code api.localhost/v1}, {@code *.localhost}, {@code /v1}, {@code /}. */
    String words() {
        return (host == null ? "" : host) + (path == null ? host == null ? "/" : "" : path);
    }

    /**
     * What to open in a browser to come here.
     *
     * @param proxy where the proxy listens
     */
    String url(URI proxy) {
        requireNonNull(proxy, "proxy");
        String shown = host == null ? proxy.getHost() : host.startsWith("*.") ? "any" + host.substring(1) : host;
        String bracketed = shown.indexOf(':') >= 0 && !shown.startsWith("[") ? "[" + shown + "]" : shown;
        boolean usual =
                proxy.getPort() < 0 || proxy.getPort() == (proxy.getScheme().equals("https") ? 443 : 80);
        return proxy.getScheme() + "://" + bracketed + (usual ? "" : ":" + proxy.getPort())
                + (path == null ? "/" : path);
    }
}
