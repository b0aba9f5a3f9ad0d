package dev.portway.policy.transform;

import static java.util.Objects.requireNonNull;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.portway.config.StickyConfig;
import dev.portway.config.TargetUrl;
import dev.portway.exchange.ProxyExchange;
import dev.portway.routing.PathRewrite;
import dev.portway.upstream.Target;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a backend says of its own host and paths into the words of the client: {@code Location} (of 201 and 3xx),
 * {@code Content-Location}, {@code Refresh}, and {@code Domain} and {@code Path} of cookies. Other hosts are left alone.
 * Confined to one response.
 */
final class ResponseRepair {

    private static final Pattern REFRESH = Pattern.compile("(?i)^[^;,]*[;,]\\s*url\\s*=\\s*");

    private final String scheme;
    private final @Nullable String clientHost; // as the client wrote it, with its port; null where it said none
    private final Set<String> backendHosts; // lower case, with their ports
    private final String sentHost;
    private final String added;
    private final String stripped;
    private final @Nullable String ownCookie; // the beginning of the one that the proxy sets itself; null for none
    private int repaired;

    ResponseRepair(ProxyExchange exchange, PathRewrite path) {
        Target target = requireNonNull(exchange.target());
        this.scheme = exchange.client().scheme();
        String forwarded = exchange.client().trusted() ? exchange.header("X-Forwarded-Host") : null;
        this.clientHost = forwarded == null ? exchange.header("Host") : forwarded;
        this.sentHost = target.hostHeader() == null ? orEmpty(exchange.header("Host")) : target.hostHeader();
        this.backendHosts = namesOf(target.url(), sentHost);
        this.added = target.url().path() + path.added();
        this.stripped = path.stripped();
        StickyConfig sticky = requireNonNull(exchange.route()).config().sticky();
        this.ownCookie = sticky == null ? null : sticky.name() + "=";
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Set<String> namesOf(TargetUrl url, String sentHost) {
        Set<String> names = new HashSet<>();
        names.add(sentHost.toLowerCase(Locale.ROOT));
        if (!url.local()) {
            String port = ":" + url.port();
            names.add(url.authority());
            if (url.host().equals("localhost")) {
                names.add("127.0.0.1" + port);
                names.add("[::1]" + port);
            }
            int own = url.secure() ? 443 : 80;
            if (url.port() == own) {
                names.add(url.authority().substring(0, url.authority().lastIndexOf(':')));
            }
        }
        return names;
    }

    /** Puts the fields of {@code response} right, and returns how many were not. */
    int apply(Response response) {
        HttpFields.Mutable fields = response.getHeaders();
        int status = response.getStatus();
        boolean redirect = status == HttpStatus.CREATED_201 || (status >= 300 && status < 400);
        for (var each = fields.listIterator(); each.hasNext(); ) {
            HttpField field = each.next();
            HttpHeader header = field.getHeader();
            UnaryOperator<String> repair = null;
            if (header == HttpHeader.LOCATION && redirect) {
                repair = this::url;
            } else if (header == HttpHeader.SET_COOKIE) {
                repair = this::cookie;
            } else if (header == HttpHeader.CONTENT_LOCATION) {
                repair = this::url;
            } else if (field.is("Refresh")) {
                repair = this::refresh;
            }
            String value = field.getValue();
            String right = repair == null || value == null ? value : repair.apply(value);
            if (right != null && !right.equals(value)) {
                each.set(new HttpField(header, field.getName(), right));
                repaired++;
            }
        }
        return repaired;
    }

    /** A reference (RFC 3986, section 4.1): a URL of the backend's, or a path on it; anything else stays. */
    private String url(String url) {
        int authority = url.startsWith("//") ? 2 : authorityBegin(url);
        if (authority < 0) {
            return url.startsWith("/") ? path(url) : url;
        }
        int end = authority;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        String host = url.substring(authority, end).toLowerCase(Locale.ROOT);
        if (clientHost == null || !backendHosts.contains(host)) {
            return url;
        }
        String rest = url.substring(end);
        String right = rest.startsWith("/") ? path(rest) : rest;
        if (authority == 2) {
            return "//" + clientHost + right;
        }
        // To the client's own host by https: the backend sends it there on purpose, and by http it would come back for
        // ever.
        boolean secure = authority == 8 && host.equalsIgnoreCase(clientHost);
        return (secure ? "https" : scheme) + "://" + clientHost + right;
    }

    private static int authorityBegin(String url) {
        return url.regionMatches(true, 0, "http://", 0, 7) ? 7 : url.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    }

    /** @param path and whatever stands behind it; one that cannot be the client's stays */
    private String path(String path) {
        if (added.isEmpty()) {
            return stripped.isEmpty() || below(path, stripped) ? path : stripped + path;
        }
        if (!below(path, added)) {
            return path;
        }
        // One slash: what is behind the prefix may look like the begin of a host.
        int begin = added.length();
        while (begin < path.length() && (path.charAt(begin) == '/' || path.charAt(begin) == '\\')) {
            begin++;
        }
        return stripped + '/' + path.substring(begin);
    }

    private static boolean below(String path, String prefix) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || "/?#;".indexOf(path.charAt(prefix.length())) >= 0);
    }

    /** {@code 5; url=/path}, the path perhaps quoted. */
    private String refresh(String value) {
        Matcher url = REFRESH.matcher(value);
        if (!url.find()) {
            return value;
        }
        int begin = url.end();
        char quote = begin < value.length() ? value.charAt(begin) : ' ';
        if (quote != '"' && quote != '\'') {
            return value.substring(0, begin) + url(value.substring(begin));
        }
        int end = value.indexOf(quote, begin + 1);
        return end < 0
                ? value
                : value.substring(0, begin + 1) + url(value.substring(begin + 1, end)) + value.substring(end);
    }

    private String cookie(String value) {
        if (ownCookie != null && value.startsWith(ownCookie)) {
            return value;
        }
        boolean hostOnly = value.regionMatches(true, 0, "__Host-", 0, 7); // must say Path=/
        StringBuilder cookie = new StringBuilder();
        for (String attribute : value.split(";", -1)) {
            int equals = attribute.indexOf('=');
            String name = equals < 0 ? "" : attribute.substring(0, equals).strip();
            String right = attribute;
            if (!cookie.isEmpty() && name.equalsIgnoreCase("Path") && !hostOnly) {
                right = attribute.substring(0, equals + 1)
                        + cookiePath(attribute.substring(equals + 1).strip());
            } else if (!cookie.isEmpty()
                    && name.equalsIgnoreCase("Domain")
                    && foreign(attribute.substring(equals + 1).strip())) {
                continue; // the cookie is then the client's host's alone
            }
            cookie.append(cookie.isEmpty() ? "" : ";").append(right);
        }
        return cookie.toString();
    }

    private String cookiePath(String path) {
        String right = path.startsWith("/") ? path(path) : path;
        return right.length() > 1 && right.endsWith("/") && path.equals("/")
                ? right.substring(0, right.length() - 1)
                : right;
    }

    /** Whether a domain is the backend's and would have the client's browser refuse the cookie. */
    private boolean foreign(String domain) {
        String name = (domain.startsWith(".") ? domain.substring(1) : domain).toLowerCase(Locale.ROOT);
        return covers(name, sentHost) && !covers(name, orEmpty(clientHost));
    }

    private static boolean covers(String domain, String authority) {
        int colon = authority.lastIndexOf(':');
        String host = (colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority)
                .toLowerCase(Locale.ROOT);
        return host.equals(domain) || host.endsWith("." + domain);
    }
}
