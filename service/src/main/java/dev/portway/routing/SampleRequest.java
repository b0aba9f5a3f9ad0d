package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody asks about, and nobody sent. Immutable.
 *
 * @param authority as {@code Host} would have it; {@code ""} for none
 * @param rawPath as the request line would have it, without the query; or {@code *}
 * @param query raw, without {@code ?}; null for none
 * @param headers one value to a name, which is sought in any case
 */
public record SampleRequest(
        String method,
        String authority,
        String rawPath,
        @Nullable String query,
        Map<String, String> headers) implements RouteRequest {

    private static final String HOST = "Host";

    /** @throws IllegalArgumentException if {@link RequestPath} refuses the path */
    public SampleRequest {
        requireNonNull(method, "method");
        requireNonNull(authority, "authority");
        RequestPath.normalize(rawPath);
        var anyCase = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = Collections.unmodifiableMap(anyCase);
    }

    /**
     * The request a client would send for a URL; {@code Host} among the headers wins over the URL's.
     *
     * @param url {@code http://host:port/path?query}, the scheme optional; or a path, for a request without host. Its
     *     fragment is left out, as clients do; nothing in it is decoded
     * @throws IllegalArgumentException if it is neither, or has a user and password
     */
    public static SampleRequest of(String method, String url, Map<String, String> headers) {
        int fragment = url.indexOf('#');
        String whole = fragment < 0 ? url : url.substring(0, fragment);
        int scheme = whole.indexOf("://");
        boolean absolute = scheme >= 0 && endOf(whole, "/?") == scheme + 1;
        String rest = absolute ? whole.substring(scheme + 3) : whole;
        int authorityEnd = endOf(rest, "/?");
        String authority = rest.equals("*") ? "" : rest.substring(0, authorityEnd);
        String target = rest.substring(authority.length());
        if (authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("url has a user (expected: http://host/path)");
        }
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        var sample = new SampleRequest(
                method,
                authority,
                path.isEmpty() ? "/" : path,
                question < 0 ? null : target.substring(question + 1),
                headers);
        String host = sample.header(HOST);
        return host == null ? sample : sample.withAuthority(host);
    }

    private SampleRequest withAuthority(String other) {
        return new SampleRequest(method, other, rawPath, query, headers);
    }

    @Override
    public String host() {
        return RequestHost.of(authority);
    }

    @Override
    public String path() {
        return RequestPath.normalize(rawPath);
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    @Override
    public Set<String> otherMethods() {
        MethodOverrides overrides = new MethodOverrides();
        headers.forEach(overrides::field);
        overrides.query(query);
        return overrides.found();
    }

    private static int endOf(String text, String delimiters) {
        for (int i = 0; i < text.length(); i++) {
            if (delimiters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }
}
