package dev.portway.routing;

import com.google.common.net.InetAddresses;

/** The form of a request's host that routes are compared with. */
public final class RequestHost {

    private RequestHost() {}

    /**
     * The host in lower case, without port and without the dot at the end of a full name; an IPv6 address in its usual
     * form (RFC 5952) without brackets. This is the given string itself where there is nothing to do.
     *
     * @param authority {@code Host} or the authority of a URL, or the host alone; what is no host at all comes back as
     *     it is, since no route has it
     */
    public static String of(String authority) {
        if (authority.startsWith("[") || authority.indexOf(':') != authority.lastIndexOf(':')) {
            return address(authority);
        }
        int colon = authority.indexOf(':');
        int end = colon < 0 ? authority.length() : colon;
        if (end > 1 && authority.charAt(end - 1) == '.') {
            end--;
        }
        return lowerCase(authority.substring(0, end));
    }

    private static String address(String authority) {
        int close = authority.lastIndexOf(']');
        String literal = authority.startsWith("[") && close > 0 ? authority.substring(1, close) : authority;
        return InetAddresses.isInetAddress(literal)
                ? InetAddresses.toAddrString(InetAddresses.forString(literal))
                : lowerCase(literal);
    }

    /** ASCII alone: {@link String#toLowerCase} makes a "k" of the Kelvin sign. */
    private static String lowerCase(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (upperCase(host.charAt(i))) {
                var lower = new StringBuilder(host);
                for (int j = i; j < host.length(); j++) {
                    char c = host.charAt(j);
                    lower.setCharAt(j, upperCase(c) ? (char) (c | 0x20) : c);
                }
                return lower.toString();
            }
        }
        return host;
    }

    private static boolean upperCase(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
