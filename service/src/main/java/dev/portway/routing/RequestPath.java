package dev.portway.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The two forms of a request's path: the one that is matched and the one that is forwarded (RFC 3986, sections 5.2.4 and
 * 6.2.2). Both are the given string itself, and nothing is allocated, where there is nothing to do.
 *
 * <p>What becomes of the paths that are used to slip past a prefix, as {@link #normalize} and {@link #resolveDots} have
 * them (the reasons are in decision 030):
 *
 * <pre>
 *   as sent              matched          forwarded
 *   /x/../admin          /admin           /admin
 *   /x/%2e%2E/admin      /admin           /admin
 *   /../admin, /a%00b    refused          refused         above the root, or with a NUL: Jetty would not take it either
 *   /%61dmin             /admin           /%61dmin
 *   /x%2fadmin           /x%2Fadmin       /x%2fadmin      one segment: an encoded slash parts nothing
 *   /x/..%2Fadmin        /x/..%2Fadmin    /x/..%2Fadmin   one segment, hence no dot segment
 *   /x/%252e%252e/a      /x/%252e%252e/a  /x/%252e%252e/a decoded once, never twice
 *   //admin              //admin          //admin         an empty segment, then "admin": not below /admin
 *   /admin/..;/          /admin/..;/      /admin/..;/     "..;" is an ordinary segment: below /admin
 *   /admin;x=1           /admin;x=1       /admin;x=1      an ordinary segment: not below /admin
 *   /a|b, /a\b           /a%7Cb, /a%5Cb   /a|b, /a\b     what needs an escape is matched as if it had one
 *   /a%zz, /a%2, /a b    refused          refused         also raw control characters, '?' and '#'
 *   *                    *                *               of OPTIONS alone, which is the caller's to check
 * </pre>
 */
public final class RequestPath {

    private static final int ESCAPES = 1;
    private static final int DOTS = 2;
    private static final String HEX = "0123456789ABCDEF";

    private RequestPath() {}

    /**
     * The form that routes and policies see: dot segments resolved (also when written {@code %2e}), unreserved
     * characters decoded, other escapes in upper case, an encoded slash left encoded (RFC 3986, section 6.2.2); and what
     * a path may have in escapes only, but was sent without, in the escapes of its UTF-8. Idempotent; gives no dot
     * segment.
     *
     * @param raw as in the request line, without the query
     * @throws IllegalArgumentException if it does not begin with a slash (and is not {@code *}), climbs above the root,
     *     has a broken escape or an escaped NUL, or a character that no request line may have there
     */
    public static String normalize(String raw) {
        int work = inspect(raw);
        String decoded = (work & ESCAPES) == 0 ? raw : normalizeEscapes(raw);
        return (work & DOTS) == 0 ? decoded : removeDotSegments(decoded);
    }

    /**
     * The form that is forwarded: dot segments resolved, every other byte as the client sent it.
     *
     * @param raw as in the request line, without the query
     * @throws IllegalArgumentException as for {@link #normalize}
     */
    public static String resolveDots(String raw) {
        return (inspect(raw) & DOTS) == 0 ? raw : removeDotSegments(raw);
    }

    /** Refuses what is malformed, and tells what there is to do: {@link #ESCAPES}, {@link #DOTS}, both or nothing. */
    private static int inspect(String raw) {
        if (raw.equals("*")) {
            return 0;
        }
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            throw new IllegalArgumentException("path does not begin with a slash");
        }
        int work = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int value = escaped(raw, i);
                if (value == 0) {
                    throw new IllegalArgumentException("path has an escaped NUL at " + i);
                }
                if (unreserved(value) || lowerCaseHex(raw.charAt(i + 1)) || lowerCaseHex(raw.charAt(i + 2))) {
                    work |= ESCAPES;
                }
                i += 2;
            } else if (c == '/') {
                if (i + 1 < raw.length()
                        && dotAt(raw, i + 1) > 0
                        && dotSegment(raw, i + 1, segmentEnd(raw, i + 1)) > 0) {
                    work |= DOTS;
                }
            } else if (!unescaped(c)) {
                i += Character.charCount(sent(raw, i)) - 1;
                work |= ESCAPES;
            }
        }
        return work;
    }

    /** The character at {@code i} that should have been escaped, where it is one that a request line may have at all. */
    private static int sent(String raw, int i) {
        int c = raw.codePointAt(i);
        boolean lost = c == 0xFFFD || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (c <= ' ' || c == 0x7F || c == '?' || c == '#' || lost) {
            throw new IllegalArgumentException("path has the character 0x" + Integer.toHexString(c) + " at " + i);
        }
        return c;
    }

    private static String normalizeEscapes(String raw) {
        var out = new StringBuilder(raw.length() + 8);
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int value = escaped(raw, i);
                if (unreserved(value)) {
                    out.append((char) value);
                } else {
                    escape(value, out);
                }
                i += 2;
            } else if (unescaped(c)) {
                out.append(c);
            } else {
                String character = Character.toString(raw.codePointAt(i));
                for (byte b : character.getBytes(UTF_8)) {
                    escape(b & 0xFF, out);
                }
                i += character.length() - 1;
            }
        }
        return out.toString();
    }

    private static void escape(int value, StringBuilder out) {
        out.append('%').append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 0xF));
    }

    /** RFC 3986, section 5.2.4, with the escaped dot as good as the plain one, and nothing above the root. */
    private static String removeDotSegments(String path) {
        var out = new StringBuilder(path.length());
        for (int from = 1; from <= path.length(); ) {
            int to = segmentEnd(path, from);
            int dots = dotSegment(path, from, to);
            if (dots == 2) {
                int parent = out.lastIndexOf("/");
                if (parent < 0) {
                    throw new IllegalArgumentException("path climbs above the root");
                }
                out.setLength(parent);
            }
            if (dots == 0) {
                out.append('/').append(path, from, to);
            } else if (to == path.length()) {
                out.append('/');
            }
            from = to + 1;
        }
        return out.toString();
    }

    private static int segmentEnd(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }

    /** 1 for {@code .}, 2 for {@code ..}, 0 for any other segment. */
    private static int dotSegment(String path, int from, int to) {
        int dots = 0;
        for (int i = from; i < to; dots++) {
            int length = dotAt(path, i);
            if (length == 0 || dots == 2) {
                return 0;
            }
            i += length;
        }
        return dots;
    }

    /** The length of the dot, plain or escaped, that stands at {@code i}; 0 if none does. */
    private static int dotAt(String path, int i) {
        if (path.charAt(i) == '.') {
            return 1;
        }
        boolean escaped = path.charAt(i) == '%'
                && i + 2 < path.length()
                && path.charAt(i + 1) == '2'
                && (path.charAt(i + 2) | 0x20) == 'e';
        return escaped ? 3 : 0;
    }

    private static int escaped(String path, int percent) {
        int high = percent + 2 < path.length() ? hex(path.charAt(percent + 1)) : -1;
        int low = high < 0 ? -1 : hex(path.charAt(percent + 2));
        if (low < 0) {
            throw new IllegalArgumentException("path has a broken escape at " + percent);
        }
        return (high << 4) | low;
    }

    /** Not {@link Character#digit}, which takes the digits of every script. */
    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private static boolean lowerCaseHex(char c) {
        return c >= 'a';
    }

    /** RFC 3986, section 2.3. */
    private static boolean unreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** What stands for itself in a path, the slash included (RFC 3986, section 3.3). */
    private static boolean unescaped(char c) {
        if (unreserved(c)) {
            return true;
        }
        return switch (c) {
            case '/', ':', '@', '!', '$', '&', '\'', '(', ')', '*', '+', ',', ';', '=' -> true;
            default -> false;
        };
    }
}
