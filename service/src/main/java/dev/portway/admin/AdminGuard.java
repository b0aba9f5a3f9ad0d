package dev.portway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.portway.api.ProblemDocument;
import dev.portway.config.AdminConfig;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything on the admin listener, Dropwizard's own pages and tasks included, so that no web page can
 * drive it: neither by sending a visitor's browser here from another origin, nor by a name that is made to resolve to
 * this machine (DNS rebinding). Asks for the token where one is configured. Thread-safe.
 *
 * <ol>
 *   <li>{@code TRACE} is refused: 405
 *   <li>{@code Host} must be there once and be a loopback name, an address of the listener or an allowed one: 403
 *   <li>{@code Origin}, if sent, must be this listener as the request names it: 403
 *   <li>{@code Sec-Fetch-Site}, if sent, must be {@code same-origin} or {@code none}: 403
 *   <li>the token, if one is configured, must be sent: 401; {@code /live} and {@code /ready} do without
 * </ol>
 */
public final class AdminGuard extends Handler.Wrapper {

    private static final String ALLOWED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String USER = AdminGuard.class.getName() + ".user";
    private static final int MAX_USER = 100;
    private static final Set<String> OPEN_PATHS = Set.of("/live", "/ready");

    private final Set<String> allowedHosts;
    private final byte @Nullable [] token;

    /**
     * A guard by the rules of {@code config}, before {@code handler}.
     *
     * @param handler the whole admin side
     */
    public AdminGuard(AdminConfig config, Handler handler) {
        super(requireNonNull(handler, "handler"));
        Set<String> hosts = new HashSet<>();
        hosts.add(Authority.normalized(config.host()));
        config.allowedHosts().forEach(host -> hosts.add(Authority.normalized(host)));
        this.allowedHosts = Set.copyOf(hosts);
        String secret = config.token();
        this.token = secret == null ? null : secret.getBytes(UTF_8);
    }

    /** The name that came with the token; null where it came without one, or none is asked for. Nobody vouches for it. */
    static @Nullable String userOf(HttpServletRequest request) {
        return (String) request.getAttribute(USER);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CACHE_CONTROL, "no-cache");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Referrer-Policy", "no-referrer");

        ProblemDocument problem = problemWith(request);
        if (problem == null) {
            return super.handle(request, response, callback);
        }

        response.setStatus(problem.status());
        if (problem.status() == 401) {
            headers.add(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"portway admin\"");
            headers.add(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"portway admin\", charset=\"UTF-8\"");
        } else if (problem.status() == 405) {
            headers.put(HttpHeader.ALLOW, ALLOWED_METHODS);
        }
        headers.put(HttpHeader.CONTENT_TYPE, WireFormat.PROBLEM_JSON);
        response.write(true, ByteBuffer.wrap(WireFormat.bytes(problem)), callback);
        return true;
    }

    private @Nullable ProblemDocument problemWith(Request request) {
        if (request.getMethod().equalsIgnoreCase("TRACE")) {
            return new ProblemDocument("about:blank", "Method Not Allowed", 405, "TRACE is not served here.");
        }
        List<HttpField> hosts = request.getHeaders().getFields(HttpHeader.HOST);
        if (hosts.size() != 1) {
            return ProblemType.HOST_REFUSED.with("A request needs exactly one Host field; this one has " + hosts.size()
                    + ". Use an HTTP/1.1 client.");
        }
        Authority authority = authorityOf(request, String.valueOf(hosts.get(0).getValue()));
        if (authority == null || !allows(authority, request)) {
            return ProblemType.HOST_REFUSED.with(hostRefusal(authority, request));
        }
        ProblemDocument problem = problemWithOrigin(request, authority);
        return problem == null && !authorized(request) ? unauthorized() : problem;
    }

    /** The authority that the {@code Host} field and, if it has one, the request line agree on; else null. */
    private static @Nullable Authority authorityOf(Request request, String host) {
        Authority authority = Authority.parse(host);
        HttpURI uri = request.getHttpURI();
        if (authority == null || uri.getHost() == null) {
            return authority;
        }
        boolean agree = Authority.normalized(uri.getHost()).equals(authority.host())
                && (uri.getPort() > 0 ? uri.getPort() : authority.portOr(scheme(request)))
                        == authority.portOr(scheme(request));
        return agree ? authority : null;
    }

    private boolean allows(Authority authority, Request request) {
        if (authority.loopback() || allowedHosts.contains(authority.host())) {
            return true;
        }
        InetAddress address = authority.address();
        return address != null
                && request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress local
                && address.equals(local.getAddress());
    }

    private static String hostRefusal(@Nullable Authority authority, Request request) {
        int port = Request.getLocalPort(request);
        if (authority == null) {
            return "The Host of this request is malformed, or is not the one its request line names. Use"
                    + " http://localhost:" + port + ".";
        }
        return "The Host " + authority.host()
                + " is not a name of this admin listener, so a web page may have made it up." + " Use http://localhost:"
                + port + ", or add \"" + authority.host() + "\" to proxy.admin.allowedHosts.";
    }

    private static @Nullable ProblemDocument problemWithOrigin(Request request, Authority authority) {
        for (HttpField origin : request.getHeaders().getFields(HttpHeader.ORIGIN)) {
            if (!sameOrigin(String.valueOf(origin.getValue()), authority, scheme(request))) {
                return ProblemType.ORIGIN_REFUSED.with("The request comes from a web page of another origin, as its"
                        + " Origin field says. Only this listener's own page may use the admin API from a browser;"
                        + " programs leave Origin out.");
            }
        }
        for (HttpField site : request.getHeaders().getFields("Sec-Fetch-Site")) {
            String value = String.valueOf(site.getValue());
            if (!value.equals("same-origin") && !value.equals("none")) {
                return ProblemType.ORIGIN_REFUSED.with("A browser sent this request on behalf of another web page, as"
                        + " its Sec-Fetch-Site field says. Type the address into the browser instead of following a"
                        + " link.");
            }
        }
        return null;
    }

    private static boolean sameOrigin(String origin, Authority authority, String scheme) {
        String prefix = scheme + "://";
        if (!origin.regionMatches(true, 0, prefix, 0, prefix.length())) {
            return false;
        }
        Authority theirs = Authority.parse(origin.substring(prefix.length()));
        return theirs != null
                && theirs.host().equals(authority.host())
                && theirs.portOr(scheme) == authority.portOr(scheme);
    }

    private boolean authorized(Request request) {
        byte[] expected = token;
        if (expected == null) {
            return true;
        }
        // The raw path, since that is what the resources match: no escape or dot segment may stand for an open path.
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (reads && OPEN_PATHS.contains(String.valueOf(request.getHttpURI().getPath()))) {
            return true;
        }
        List<HttpField> fields = request.getHeaders().getFields(HttpHeader.AUTHORIZATION);
        Credentials sent =
                fields.size() == 1 ? credentialsOf(String.valueOf(fields.get(0).getValue())) : null;
        if (sent == null || !MessageDigest.isEqual(expected, sent.secret)) {
            return false;
        }
        if (sent.user != null) {
            request.setAttribute(USER, sent.user);
        }
        return true;
    }

    /** What a bearer sends, or a browser as the password of whatever user name; null if it is neither. */
    private static @Nullable Credentials credentialsOf(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return null;
        }
        String scheme = authorization.substring(0, space).toLowerCase(Locale.ROOT);
        String credentials = authorization.substring(space).strip();
        if (scheme.equals("bearer")) {
            return new Credentials(null, credentials.getBytes(UTF_8));
        }
        return scheme.equals("basic") ? basic(credentials) : null;
    }

    private static @Nullable Credentials basic(String credentials) {
        try {
            String pair = new String(Base64.getDecoder().decode(credentials), UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 0) {
                return null;
            }
            String user = pair.substring(0, colon);
            boolean named = !user.isBlank()
                    && user.length() <= MAX_USER
                    && user.codePoints().noneMatch(Character::isISOControl);
            return new Credentials(
                    named ? user : null, pair.substring(colon + 1).getBytes(UTF_8));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static ProblemDocument unauthorized() {
        return ProblemType.UNAUTHORIZED.with("Send proxy.admin.token of the configuration as \"Authorization: Bearer"
                + " TOKEN\"; in a browser, as the password, with any user name.");
    }

    private static String scheme(Request request) {
        return request.isSecure() ? "https" : "http";
    }

    /** What came with a request; not a record, so that nothing prints it. */
    private static final class Credentials {

        private final @Nullable String user;
        private final byte[] secret;

        Credentials(@Nullable String user, byte[] secret) {
            this.user = user;
            this.secret = secret;
        }
    }
}
