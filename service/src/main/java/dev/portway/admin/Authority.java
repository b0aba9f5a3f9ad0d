package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The authority of a request: the content of a {@code Host} field (RFC 9110, section 7.2), compared without regard to
 * case or to a trailing dot. Immutable.
 *
 * @param host lower case, without a trailing dot; an IPv6 literal without brackets
 * @param port -1 where none is written
 */
record Authority(String host, int port) {

    private static final String NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

    Authority {
        requireNonNull(host, "host");
    }

    /** Takes {@code text} apart; null if it is not an authority, user information included. */
    static @Nullable Authority parse(String text) {
        int colon;
        String host;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                return null;
            }
            host = text.substring(1, end);
            colon = end + 1;
            if (host.indexOf(':') < 0 || addressOf(host) == null) {
                return null;
            }
        } else {
            colon = text.indexOf(':');
            colon = colon < 0 ? text.length() : colon;
            host = text.substring(0, colon);
            if (!isName(host)) {
                return null;
            }
        }
        int port = colon == text.length() ? -1 : portOf(text, colon);
        return port < -1 ? null : new Authority(normalized(host), port);
    }

    /** The form in which hosts are compared: lower case, no brackets, no trailing dot. */
    static String normalized(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        String lower = bare.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The address, where {@code host} is a literal one; null for a name. Never asks the DNS. */
    @Nullable
    InetAddress address() {
        return addressOf(host);
    }

    /** Whether the host is this machine by definition: {@code localhost} (RFC 6761, section 6.3) or a loopback address. */
    boolean loopback() {
        InetAddress address = address();
        return address == null ? host.equals("localhost") || host.endsWith(".localhost") : address.isLoopbackAddress();
    }

    /** The port, with that of the scheme where none is written. */
    int portOr(String scheme) {
        return port >= 0 ? port : scheme.equals("https") ? 443 : 80;
    }

    private static int portOf(String text, int colon) {
        int digits = text.length() - colon - 1;
        if (text.charAt(colon) != ':' || digits < 1 || digits > 5) {
            return -2;
        }
        int port = 0;
        for (int i = colon + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -2;
            }
            port = port * 10 + (c - '0');
        }
        return port > 65535 ? -2 : port;
    }

    private static boolean isName(String host) {
        return !host.isEmpty() && consistsOf(host, NAME_CHARACTERS) && !host.startsWith(".") && !host.contains("..");
    }

    private static @Nullable InetAddress addressOf(String host) {
        if (host.indexOf(':') >= 0 ? !consistsOf(host, "0123456789abcdefABCDEF:.") : !isDottedQuad(host)) {
            return null;
        }
        try {
            return InetAddress.getByName(host); // a literal: nothing is looked up
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static boolean isDottedQuad(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty()
                    || part.length() > 3
                    || !consistsOf(part, "0123456789")
                    || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    private static boolean consistsOf(String text, String alphabet) {
        return text.chars().allMatch(c -> alphabet.indexOf(c) >= 0);
    }
}
