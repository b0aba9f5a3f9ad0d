package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A target's URL, taken apart once. Immutable.
 *
 * @param scheme {@code http}, {@code https} (HTTP/2 where the backend agrees), {@code h2} (HTTP/2 over TLS and nothing
 *     else), {@code h2c} (HTTP/2 in clear text) or {@code unix}
 * @param host lower case; an IPv6 literal without its brackets; the absolute path of the socket where the scheme is
 *     {@code unix}
 * @param port 1..65535, the scheme's own where the URL has none; 0 where the scheme is {@code unix}
 * @param path the base path as written, escapes untouched; {@code ""} for none, never ending in a slash
 * @param query the base query as written, without {@code ?}; null for none
 */
public record TargetUrl(
        String scheme,
        String host,
        int port,
        String path,
        @Nullable String query) {

    private static final String EXPECTED = "a port such as 3000, or a URL such as \"http://localhost:3000\"";
    private static final String EXPECTED_SOCKET = "unix: and the absolute path of a socket, \"unix:/run/app.sock\"";
    private static final int MAX_PORT = 65535;

    /** What fits into the address of a socket, a zero behind it (macOS has the least). */
    private static final int MAX_SOCKET_BYTES = 103;

    private static final String UNIX = "unix";
    private static final Set<String> SCHEMES = Set.of("http", "https", "h2", "h2c");

    /** What a path or query may have besides letters and digits (RFC 3986, section 3.3 and 3.4). */
    private static final String MARKS = "-._~!$&'()*+,;=:@/?%";

    public TargetUrl {
        requireNonNull(scheme, "scheme");
        requireNonNull(host, "host");
        requireNonNull(path, "path");
    }

    /** The URL a bare port stands for. */
    public static TargetUrl ofPort(int port) {
        return new TargetUrl("http", "localhost", port, "", null);
    }

    /** Whether TLS is spoken. */
    public boolean secure() {
        return scheme.equals("https") || scheme.equals("h2");
    }

    /** Whether {@code host} is the path of a socket of this machine. */
    public boolean local() {
        return scheme.equals(UNIX);
    }

    /** Whether {@code host} is a name that has to be looked up: no address, no socket, and none that means this machine. */
    public boolean resolvable() {
        return !local()
                && AddressLiteral.parse(host) == null
                && !host.equals("localhost")
                && !host.endsWith(".localhost");
    }

    /** Whether the port is the scheme's own, as it is where none is written. */
    public boolean hasOwnPort() {
        return port == ownPort(scheme);
    }

    /** This URL at another host. */
    public TargetUrl at(String other) {
        return at(other, port);
    }

    /** This URL at another host and port. */
    public TargetUrl at(String otherHost, int otherPort) {
        return new TargetUrl(scheme, otherHost, otherPort, path, query);
    }

    /**
     * This URL at the domain whose service the host names: {@code _http._tcp.} and the like are left off (RFC 2782). The
     * domain is what its servers answer for; who they are is only what DNS says (RFC 9525, section 6.1).
     */
    public TargetUrl atDomain() {
        int begin = 0;
        while (host.startsWith("_", begin) && host.indexOf('.', begin) >= 0) {
            begin = host.indexOf('.', begin) + 1;
        }
        return at(host.substring(begin));
    }

    /** {@code host:port}, an IPv6 literal in brackets; the path of the socket where there is one. */
    public String authority() {
        if (local()) {
            return host;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Where it is, without path and query. */
    public String origin() {
        return scheme + (local() ? ":" : "://") + authority();
    }

    /** The URL without its query, which may hold a secret; what people are shown. */
    public String withoutQuery() {
        return origin() + path;
    }

    @Override
    public String toString() {
        return origin() + path + (query == null ? "" : "?" + query);
    }

    static TargetUrl read(Cursor at) throws InvalidValueException {
        if (at.isNumber()) {
            return ofPort(at.integer(1, MAX_PORT, "a port"));
        }
        if (at.node().isArray() || at.node().isObject()) {
            throw new InvalidValueException("is not a target", EXPECTED + "; several stand in \"targets\": [...]");
        }
        return parse(at.text("a target", EXPECTED));
    }

    private static TargetUrl parse(String text) throws InvalidValueException {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (scheme.equals(UNIX)) {
            return new TargetUrl(UNIX, socket(text.substring(colon + 1)), 0, "", null);
        }
        if (!SCHEMES.contains(scheme) || !text.startsWith("//", colon + 1)) {
            throw noUrl(text, scheme);
        }
        int begin = colon + 3;
        int end = begin;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String authority = text.substring(begin, end);
        if (authority.indexOf('@') >= 0) {
            throw new InvalidValueException("has a user name or password", "a URL without them");
        }
        int portColon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        String host = portColon < 0 ? authority : authority.substring(0, portColon);
        String expected = "a URL with a host, such as \"http://localhost:3000\"";
        if (host.isEmpty() || (host.indexOf(':') >= 0 && !host.startsWith("["))) {
            throw new InvalidValueException("is not a URL", expected);
        }
        String name = HostName.name(host, expected);
        int port = portColon < 0 ? ownPort(scheme) : port(authority.substring(portColon + 1));
        return new TargetUrl(scheme, name, port, basePath(text, end), baseQuery(text, end));
    }

    /** The port of a URL that names none. */
    private static int ownPort(String scheme) {
        return scheme.equals("https") || scheme.equals("h2") ? 443 : 80;
    }

    private static String socket(String text) throws InvalidValueException {
        String path = text.startsWith("///") ? text.substring(2) : text;
        if (!path.startsWith("/") || path.startsWith("//") || path.endsWith("/") || path.indexOf('\0') >= 0) {
            throw new InvalidValueException("is not the path of a socket", EXPECTED_SOCKET);
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_BYTES) {
            throw new InvalidValueException(
                    "is too long for the path of a socket", "at most " + MAX_SOCKET_BYTES + " bytes behind the colon");
        }
        return path;
    }

    private static InvalidValueException noUrl(String text, String scheme) {
        if (scheme.equals("ws") || scheme.equals("wss")) {
            return new InvalidValueException(
                    "is not a target", scheme.replace("ws", "http") + "://..., which carries WebSockets too");
        }
        if (Ascii.isDigits(text)) {
            return new InvalidValueException("is a string", "a port without quotes, such as 3000");
        }
        boolean nameAndPort = text.indexOf(':') == text.lastIndexOf(':')
                && !text.startsWith("/")
                && text.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"');
        return nameAndPort && !text.contains("//") && !text.isEmpty()
                ? new InvalidValueException("has no scheme", "a URL such as \"http://localhost:3000\"")
                : new InvalidValueException("is not a target", EXPECTED);
    }

    private static int port(String text) throws InvalidValueException {
        int port = Ascii.port(text);
        if (port < 0) {
            throw new InvalidValueException("has no such port", "1..65535 after the colon");
        }
        return port;
    }

    private static String basePath(String text, int begin) throws InvalidValueException {
        int end = text.indexOf('?', begin) < 0 ? text.length() : text.indexOf('?', begin);
        String path = text.substring(begin, end);
        if (path.indexOf('#') >= 0) {
            throw new InvalidValueException("has a fragment", "a URL without one");
        }
        String decodedDots = path.replace("%2e", ".").replace("%2E", ".") + "/";
        if (decodedDots.contains("/../") || decodedDots.contains("/./")) {
            throw new InvalidValueException("has dot segments", "a path without \".\" and \"..\" between its slashes");
        }
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return checked(path);
    }

    private static @Nullable String baseQuery(String text, int begin) throws InvalidValueException {
        int mark = text.indexOf('?', begin);
        if (mark < 0) {
            return null;
        }
        String query = text.substring(mark + 1);
        if (query.indexOf('#') >= 0) {
            throw new InvalidValueException("has a fragment", "a URL without one");
        }
        return checked(query);
    }

    private static String checked(String part) throws InvalidValueException {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            boolean brokenEscape = c == '%' && Ascii.unescape(part, i) < 0;
            if (brokenEscape || (!Ascii.isAlphanumeric(c) && MARKS.indexOf(c) < 0)) {
                throw new InvalidValueException(
                        "has a character that a URL cannot have", "such characters escaped, a space as %20");
            }
        }
        return part;
    }
}
