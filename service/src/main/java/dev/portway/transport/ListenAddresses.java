package dev.portway.transport;

import com.google.common.net.InetAddresses;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** The addresses that a configured host stands for. */
public final class ListenAddresses {

    private static final String LOOPBACK_4 = "127.0.0.1";
    private static final String LOOPBACK_6 = "::1";

    private ListenAddresses() {}

    /** Both loopback addresses for {@code localhost}, as far as the machine has them; any other host as it is. */
    public static List<String> of(String host) {
        if (!host.equalsIgnoreCase("localhost")) {
            return List.of(host);
        }
        return hasLoopback6() ? List.of(LOOPBACK_4, LOOPBACK_6) : List.of(LOOPBACK_4);
    }

    private static boolean hasLoopback6() {
        try {
            return NetworkInterface.getByInetAddress(InetAddresses.forString(LOOPBACK_6)) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
