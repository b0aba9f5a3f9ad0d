package dev.portway.health;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/** Which hosts are this machine, told by their names alone, without asking DNS. */
final class Loopback {

    private static final Pattern IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");

    static final InetAddress V4 = address(127, 0, 0, 1);
    static final InetAddress V6 = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    private Loopback() {}

    /**
     * The addresses a loopback host stands for, in the order to try; empty for every other host.
     *
     * @param host lower case, an IPv6 literal without its brackets
     */
    static List<InetAddress> addressesOf(String host) {
        if (host.equals("localhost") || host.endsWith(".localhost")) { // RFC 6761, section 6.3
            return List.of(V4, V6);
        }
        if (IPV4.matcher(host).matches()
                || (host.indexOf(':') >= 0 && literal(host).isLoopbackAddress())) {
            return List.of(literal(host));
        }
        return List.of();
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host: " + host + " (expected: an IP address)", e);
        }
    }

    private static InetAddress address(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("octets: " + octets.length + " (expected: 4 or 16)", e);
        }
    }
}
