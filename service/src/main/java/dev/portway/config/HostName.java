package dev.portway.config;

import java.net.IDN;
import java.util.Locale;

/** Names and addresses of machines, checked without asking anybody. */
final class HostName {

    private static final String EXPECTED = "a name such as \"api.localhost\", \"*.localhost\" or an IP address";
    private static final String EXPECTED_ADDRESS =
            "a name or address to listen on, such as \"localhost\" or \"0.0.0.0\"";
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    private HostName() {}

    /** What a route may serve: a name, {@code *.suffix} or an IP literal. */
    static String pattern(Cursor at) throws InvalidValueException {
        return pattern(at.text("a host", EXPECTED));
    }

    static String pattern(String text) throws InvalidValueException {
        if (text.equals("*")) {
            throw new InvalidValueException("is not a host", "no host at all, for any");
        }
        if (text.startsWith("*.")) {
            String suffix = name(text.substring(2), EXPECTED);
            if (AddressLiteral.parse(suffix) != null) {
                throw new InvalidValueException("is not a host", EXPECTED);
            }
            return "*." + suffix;
        }
        return name(text, EXPECTED);
    }

    /** What a listener may be bound to. */
    static String listener(Cursor at) throws InvalidValueException {
        String text = at.text("a host", EXPECTED_ADDRESS);
        if (text.equals("*")) {
            throw new InvalidValueException("is not a host", "\"0.0.0.0\" or \"::\" for every address");
        }
        return name(text, EXPECTED_ADDRESS);
    }

    /** What may stand in {@code Host}: a name or an IP literal, in lower case, without port; IPv6 without brackets. */
    static String plain(Cursor at) throws InvalidValueException {
        String expected = "a name such as \"api.localhost\" or an IP address, without port";
        return name(at.text("a host", expected), expected);
    }

    /** A name in lower case, IDN as A-labels, or an address in its usual form (RFC 5952). */
    static String name(String text, String expected) throws InvalidValueException {
        if (text.contains("://")) {
            throw new InvalidValueException("is a URL and not a host", expected);
        }
        if (text.indexOf('/') >= 0) {
            throw new InvalidValueException("has a path", "the host alone; a route's path has a key of its own");
        }
        if (text.startsWith("[") || text.indexOf(':') != text.lastIndexOf(':')) {
            return ipv6(text, expected);
        }
        if (text.indexOf(':') >= 0) {
            throw new InvalidValueException("has a port", expected + ", without port");
        }
        String ascii = ascii(text.endsWith(".") ? text.substring(0, text.length() - 1) : text, expected);
        if (!isName(ascii)) {
            throw new InvalidValueException("is not a host", expected);
        }
        return ascii;
    }

    private static String ipv6(String text, String expected) throws InvalidValueException {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        byte[] address = AddressLiteral.parse(bracketed ? text.substring(1, text.length() - 1) : text);
        if (address == null) {
            throw new InvalidValueException("is not an IPv6 address", expected);
        }
        return AddressLiteral.format(address);
    }

    private static String ascii(String text, String expected) throws InvalidValueException {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text.toLowerCase(Locale.ROOT);
        }
        try {
            return IDN.toASCII(text).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("is not an internationalised name", expected);
        }
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return false;
        }
        int begin = 0;
        while (true) {
            int dot = name.indexOf('.', begin);
            int end = dot < 0 ? name.length() : dot;
            if (!isLabel(name, begin, end)) {
                return false;
            }
            if (dot < 0) {
                boolean numeric = Ascii.isDigits(name.substring(begin));
                return !numeric || AddressLiteral.parse(name) != null;
            }
            begin = dot + 1;
        }
    }

    /** Letters, digits, hyphens within, and underscores, which container networks use. */
    private static boolean isLabel(String name, int begin, int end) {
        if (begin == end || end - begin > MAX_LABEL || name.charAt(begin) == '-' || name.charAt(end - 1) == '-') {
            return false;
        }
        for (int i = begin; i < end; i++) {
            char c = name.charAt(i);
            if (!(Ascii.isAlphanumeric(c) || c == '-' || c == '_')) {
                return false;
            }
        }
        return true;
    }
}
