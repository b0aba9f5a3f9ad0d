package dev.portway.config;

import java.nio.charset.StandardCharsets;

/** The path of a route: the prefix that normalised request paths are compared with (RFC 3986, section 6.2.2). */
final class PathPrefix {

    private static final String EXPECTED = "a path such as \"/api\"";
    private static final String UNRESERVED = "-._~";
    private static final String SUB_DELIMITERS = "!$&'()*+,;=:@";
    private static final String HEX = "0123456789ABCDEF";

    private PathPrefix() {}

    static String read(Cursor at) throws InvalidValueException {
        return parse(at.text("a path", EXPECTED), at.hasPlaceholder());
    }

    /**
     * The path with unreserved characters decoded, other escapes in upper case, characters beyond ASCII escaped, and no
     * slash at its end: {@code /web/} and {@code /web} are one prefix.
     */
    static String parse(String text) throws InvalidValueException {
        return parse(text, false);
    }

    /** @param hidden whether no part of the text may be said */
    private static String parse(String text, boolean hidden) throws InvalidValueException {
        if (!text.startsWith("/")) {
            throw new InvalidValueException("is not a path", EXPECTED + ", which begins with a slash");
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw new InvalidValueException("has a query or fragment", "a path alone, such as \"/api\"");
        }
        if (text.endsWith("/*")) {
            String prefix = "\"" + text.substring(0, Math.max(1, text.length() - 2)) + "\", which is a prefix";
            throw new InvalidValueException("has a wildcard", hidden ? "the same without \"/*\"" : prefix);
        }
        String path = normalize(text);
        if ((path + "/").contains("/./") || (path + "/").contains("/../")) {
            throw new InvalidValueException("has dot segments", "a path without \".\" and \"..\" between its slashes");
        }
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static String normalize(String text) throws InvalidValueException {
        StringBuilder path = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c == '%') {
                unescape(text, i, path);
                i += 3;
                continue;
            }
            boolean loneSurrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (c >= 0x80 && !loneSurrogate) {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    escape(b & 0xFF, path);
                }
            } else if (c == '/' || isUnreserved(c) || SUB_DELIMITERS.indexOf(c) >= 0) {
                path.append((char) c);
            } else {
                throw new InvalidValueException(
                        "has a character that a path cannot have", "such characters escaped, a space as %20");
            }
            i += Character.charCount(c);
        }
        return path.toString();
    }

    private static void unescape(String text, int at, StringBuilder path) throws InvalidValueException {
        int c = Ascii.unescape(text, at);
        if (c < 0) {
            throw new InvalidValueException("has a broken escape", "% and two hexadecimal digits; %25 for % itself");
        }
        if (c == 0) {
            throw new InvalidValueException("has an escaped NUL", "a path without it");
        }
        if (isUnreserved(c)) {
            path.append((char) c);
        } else {
            escape(c, path);
        }
    }

    private static void escape(int c, StringBuilder path) {
        path.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || UNRESERVED.indexOf(c) >= 0;
    }
}
