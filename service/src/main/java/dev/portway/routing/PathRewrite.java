package dev.portway.routing;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.portway.config.RewriteConfig;
import dev.portway.config.RouteConfig;
import org.jspecify.annotations.Nullable;

/** What becomes of the path of a route's requests on their way to the backend. Immutable. */
public final class PathRewrite {

    private final @Nullable String strip;
    private final @Nullable Pattern pattern;
    private final String to;
    private final @Nullable String add;

    private PathRewrite(RouteConfig route) {
        RewriteConfig rule = route.rules().rewrite();
        String prefix = RewriteConfig.OWN_PATH.equals(rule.stripPrefix()) ? route.path() : rule.stripPrefix();
        this.strip = prefix == null || prefix.equals("/") ? null : prefix;
        this.pattern = rule.pattern() == null ? null : Pattern.compile(rule.pattern());
        this.to = rule.to();
        this.add = rule.addPrefix() == null || rule.addPrefix().equals("/") ? null : rule.addPrefix();
    }

    /** That of {@code route}, which may change nothing. */
    public static PathRewrite of(RouteConfig route) {
        return new PathRewrite(route);
    }

    /** Whether there is a path that it changes. */
    public boolean changes() {
        return strip != null || pattern != null || add != null;
    }

    /** The prefix taken off; empty for none. */
    public String stripped() {
        return strip == null ? "" : strip;
    }

    /** The prefix put before; empty for none. */
    public String added() {
        return add == null ? "" : add;
    }

    /**
     * What of the path that is sent is the route's own word, and not the client's: where it begins so, it goes where the
     * configuration sends it.
     */
    String fixed() {
        int group = to.indexOf('$');
        String own = pattern == null ? "" : group < 0 ? to : to.substring(0, Math.max(0, to.lastIndexOf('/', group)));
        return added() + own;
    }

    /**
     * The path that is sent; escapes stay as they are, and a slash at the beginning is one.
     *
     * @param raw of the request, dot segments resolved; {@code *} stays
     * @throws IllegalArgumentException if the pattern makes something of it that is no path
     */
    public String apply(String raw) {
        if (raw.equals("*") || !changes()) {
            return raw;
        }
        String path = strip == null ? raw : withoutPrefix(raw, strip);
        if (pattern != null) {
            path = replaced(path, pattern);
        }
        // What follows a prefix, or comes of a pattern, may look like the begin of a host, or climb.
        path = RequestPath.resolveDots(oneSlash(path));
        return add == null ? path : add + path;
    }

    /** The same of a path that may make none: that one is as it was, and refused later. */
    String sent(String path) {
        try {
            return apply(path);
        } catch (IllegalArgumentException e) {
            return path;
        }
    }

    /** A client may have escaped the prefix in another way: it is found by its segments. */
    private static String withoutPrefix(String raw, String prefix) {
        int end = 0;
        for (int i = 0; i < prefix.length(); i++) {
            if (prefix.charAt(i) == '/') {
                end = raw.indexOf('/', end + 1);
                if (end < 0) {
                    end = raw.length();
                }
            }
        }
        return RequestPath.normalize(raw.substring(0, end)).equals(prefix) ? raw.substring(end) : raw;
    }

    private String replaced(String path, Pattern pattern) {
        Matcher matcher = pattern.matcher(path);
        if (!matcher.find()) {
            return path;
        }
        StringBuilder replaced = new StringBuilder(path.substring(0, matcher.start()));
        for (int i = 0; i < to.length(); i++) {
            char c = to.charAt(i);
            if (c == '$') {
                String group = matcher.group(to.charAt(++i) - '0');
                replaced.append(group == null ? "" : group);
            } else {
                replaced.append(c);
            }
        }
        return replaced.append(path, matcher.end(), path.length()).toString();
    }

    private static String oneSlash(String path) {
        int begin = 0;
        while (begin < path.length() && path.charAt(begin) == '/') {
            begin++;
        }
        return begin == 1 ? path : '/' + path.substring(begin);
    }
}
