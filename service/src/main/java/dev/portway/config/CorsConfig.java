package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may use a route (the Fetch standard's CORS protocol); the {@code cors} of a route or of
 * {@code security}. Immutable.
 *
 * @param origins let in, as a browser writes them: {@code https://app.example}, {@code https://*.app.example} for any below
 *     a domain, {@code null}; or {@code *} alone for any
 * @param methods let through
 * @param headers that requests may carry; null for those that are asked for
 * @param exposedHeaders of responses that the page may read; {@code *} for any
 * @param credentials whether requests may come with cookies
 * @param maxAge how long a browser may remember the answer to a preflight; null for as long as it does by itself
 */
public record CorsConfig(
        List<String> origins,
        List<String> methods,
        @Nullable List<String> headers,
        List<String> exposedHeaders,
        boolean credentials,
        @Nullable Duration maxAge) {

    /** For any origin, method, header. */
    public static final String ANY = "*";

    public CorsConfig {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = headers == null ? null : List.copyOf(headers);
        exposedHeaders = List.copyOf(exposedHeaders);
    }

    private static final String NO_ORIGIN = "null";

    static final Keys KEYS = Keys.of("origins", "methods", "headers", "exposedHeaders", "credentials", "maxAge");

    private static final List<String> DEFAULT_METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
    private static final String EXPECTED_ORIGIN =
            "such as \"https://app.example\", \"https://*.app.example\" or \"http://localhost:5173\"";
    private static final String EXPECTED_ORIGINS = "a list such as [\"https://app.example\"], or \"*\" for any";
    private static final String EXPECTED_METHODS = "a list such as [\"GET\", \"POST\"]";
    private static final String EXPECTED_HEADERS = "a list such as [\"Content-Type\"], or \"*\" for any";

    static CorsConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        List<String> origins = in.require("origins", EXPECTED_ORIGINS, CorsConfig::readOrigins);
        List<String> headers = in.get("headers", List.of(ANY), CorsConfig::readHeaders);
        CorsConfig cors = new CorsConfig(
                origins == null ? List.of() : origins,
                in.get("methods", DEFAULT_METHODS, methods -> methods.filledList(Token::method, EXPECTED_METHODS)),
                headers.contains(ANY) ? null : headers,
                in.get("exposedHeaders", List.of(), CorsConfig::readHeaders),
                in.get("credentials", false, Cursor::bool),
                in.get("maxAge", WrittenDuration::orNone));
        cors.checkCredentials(at);
        return cors;
    }

    /** A browser takes no {@code *} for an answer to a request with cookies. */
    private void checkCredentials(Cursor at) {
        if (credentials && origins.contains(ANY)) {
            at.member("origins")
                    .error(
                            "\"*\" would let every page on the web act with the user's cookies (expected: the origins that"
                                    + " \"credentials\" are for)");
        }
        if (credentials && origins.contains(NO_ORIGIN)) {
            at.member("origins")
                    .error(
                            "\"null\" would let every page on the web act with the user's cookies, since a sandboxed frame of"
                                    + " any of them has that origin (expected: the origins that \"credentials\" are for)");
        }
        if (credentials && exposedHeaders.contains(ANY)) {
            at.member("exposedHeaders")
                    .error("\"*\" means nothing beside \"credentials\" (expected: the headers' names)");
        }
    }

    private static List<String> readOrigins(Cursor at) throws InvalidValueException {
        if (ANY.equals(at.node().textValue())) {
            return List.of(ANY);
        }
        List<String> origins = at.filledList(CorsConfig::readOrigin, EXPECTED_ORIGINS);
        if (origins.contains(ANY) && origins.size() > 1) {
            throw new InvalidValueException("has \"*\" beside others", "\"*\" alone, or without it");
        }
        return origins;
    }

    /** An origin as a browser writes it (RFC 6454, section 6.2): without the port that its scheme has anyway. */
    private static String readOrigin(Cursor at) throws InvalidValueException {
        String text = at.text("an origin", EXPECTED_ORIGIN);
        if (text.equals(ANY) || text.equals(NO_ORIGIN)) {
            return text;
        }
        int scheme = text.indexOf("://");
        if (scheme <= 0 || !SCHEME.matcher(text.substring(0, scheme)).matches()) {
            throw new InvalidValueException("is not an origin", EXPECTED_ORIGIN);
        }
        String authority = text.substring(scheme + 3);
        if (authority.indexOf('/') >= 0 || authority.indexOf('?') >= 0 || authority.indexOf('#') >= 0) {
            throw new InvalidValueException("has a path", "an origin alone, " + EXPECTED_ORIGIN);
        }
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        int port = hasPort ? Ascii.port(authority.substring(colon + 1)) : 0;
        if (port < 0) {
            throw new InvalidValueException("has no such port", "1..65535 after the colon");
        }
        String host = hasPort ? authority.substring(0, colon) : authority;
        if (host.equals(ANY)) {
            throw new InvalidValueException("has \"*\" for a host", "\"*\" alone, for any origin");
        }
        String name = HostName.pattern(host);
        return text.substring(0, scheme + 3)
                + (name.indexOf(':') >= 0 ? '[' + name + ']' : name)
                + (port == 0 || port == ownPort(text.substring(0, scheme)) ? "" : ":" + port);
    }

    private static int ownPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> 0;
        };
    }

    private static List<String> readHeaders(Cursor at) throws InvalidValueException {
        if (ANY.equals(at.node().textValue())) {
            return List.of(ANY);
        }
        return at.list(CorsConfig::readHeader, EXPECTED_HEADERS);
    }

    private static String readHeader(Cursor at) throws InvalidValueException {
        String name = at.text("a header's name", "such as \"Content-Type\"");
        if (!Token.is(name)) {
            throw new InvalidValueException("is not a header's name", "such as \"Content-Type\"");
        }
        return name;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        origins.forEach(json.putArray("origins")::add);
        methods.forEach(json.putArray("methods")::add);
        if (headers == null) {
            json.put("headers", ANY);
        } else {
            headers.forEach(json.putArray("headers")::add);
        }
        exposedHeaders.forEach(json.putArray("exposedHeaders")::add);
        json.put("credentials", credentials);
        json.put("maxAge", maxAge == null ? null : WrittenDuration.written(maxAge));
        return json;
    }
}
