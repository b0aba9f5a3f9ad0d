package dev.portway.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A target's URL, taken apart once. Immutable.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case; an IPv6 literal without its brackets
 * @param port 1..65535, the scheme's own where the URL has none
 * @param path the base path as written, escapes untouched; {@code ""} for none, never ending in a slash
 * @param query the base query as written, without {@code ?}; null for none
 */
public record TargetUrl(
        String scheme,
        String host,
        int port,
        String path,
        @Nullable String query) {

    public TargetUrl {
        requireNonNull(scheme, "scheme");
        requireNonNull(host, "host");
        requireNonNull(path, "path");
    }

    /** The URL a bare port stands for. */
    public static TargetUrl ofPort(int port) {
        return new TargetUrl("http", "localhost", port, "", null);
    }

    public boolean secure() {
        return scheme.equals("https");
    }

    /** {@code host:port}, an IPv6 literal in brackets. */
    public String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return scheme + "://" + authority() + path + (query == null ? "" : "?" + query);
    }
}
