package dev.portway.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP addresses as text. Never looks a name up. */
final class AddressLiteral {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_GROUPS = 8;

    private AddressLiteral() {}

    /** The bytes of an address in dotted decimal or IPv6 notation without brackets and zone; null if it is neither. */
    static byte @Nullable [] parse(String text) {
        return text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
    }

    static boolean isLoopback(String text) {
        byte[] address = parse(text);
        return address != null && toInetAddress(address).isLoopbackAddress();
    }

    /** Whether it stands for every address of the machine. */
    static boolean isWildcard(String text) {
        byte[] address = parse(text);
        return address != null && toInetAddress(address).isAnyLocalAddress();
    }

    static InetAddress toInetAddress(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("length: " + address.length + " (expected: 4 or 16)", e);
        }
    }

    /** The usual text of an address (RFC 5952). */
    static String format(byte[] address) {
        if (address.length == IPV4_BYTES) {
            return toInetAddress(address).getHostAddress();
        }
        int[] groups = new int[IPV6_GROUPS];
        for (int i = 0; i < IPV6_GROUPS; i++) {
            groups[i] = (address[2 * i] & 0xFF) << 8 | (address[2 * i + 1] & 0xFF);
        }
        int gap = longestGap(groups);
        int gapEnd = gap < 0 ? -1 : gapEnd(groups, gap);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < IPV6_GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i = gapEnd - 1;
            } else {
                if (i > 0 && i != gapEnd) {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** Where the first of the longest runs of at least two zero groups begins; -1 if there is none. */
    private static int longestGap(int[] groups) {
        int best = -1;
        int length = 1;
        for (int i = 0; i < groups.length; i++) {
            int end = gapEnd(groups, i);
            if (end - i > length) {
                best = i;
                length = end - i;
            }
        }
        return best;
    }

    private static int gapEnd(int[] groups, int begin) {
        int end = begin;
        while (end < groups.length && groups[end] == 0) {
            end++;
        }
        return end;
    }

    private static byte @Nullable [] ipv4(String text) {
        byte[] address = new byte[IPV4_BYTES];
        int at = 0;
        for (int i = 0; i < IPV4_BYTES; i++) {
            int end = i == IPV4_BYTES - 1 ? text.length() : text.indexOf('.', at);
            int octet = end < 0 ? -1 : octet(text, at, end);
            if (octet < 0) {
                return null;
            }
            address[i] = (byte) octet;
            at = end + 1;
        }
        return address;
    }

    /** A number 0..255 without leading zeros, which some read as octal; -1 for anything else. */
    private static int octet(String text, int begin, int end) {
        if (end == begin || end - begin > 3 || (text.charAt(begin) == '0' && end - begin > 1)) {
            return -1;
        }
        int value = 0;
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (!Ascii.isDigit(c)) {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value > 255 ? -1 : value;
    }

    private static byte @Nullable [] ipv6(String text) {
        boolean literal =
                text.charAt(0) != '.' && text.chars().allMatch(c -> c == ':' || c == '.' || Ascii.hex(c) >= 0);
        if (!literal) {
            return null; // the JDK would ask the network about anything else
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
