package dev.portway.cli;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** Whether a listener could be opened, and if not, what a person can do about it. */
final class PortCheck {

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private static final int DIAL_MILLIS = 500;

    private static final byte[] IPV4_LOOPBACK = {127, 0, 0, 1};
    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private PortCheck() {}

    /**
     * What keeps a listener from being opened.
     *
     * @param key the configuration key of the port, for the message: {@code proxy.port}
     * @param port 0 for a free one, which can always be had
     */
    static Optional<CommandFailure> obstacle(String key, String host, int port) {
        if (port == 0) {
            return Optional.empty();
        }
        for (InetAddress address : addresses(host)) {
            if (opens(address, port)) {
                continue;
            }
            if (opens(address, 0)) {
                return Optional.of(taken(key, port));
            }
            if (!(isLocalhost(host) && address instanceof Inet6Address)) { // a machine need not have IPv6
                return Optional.of(new CommandFailure(
                        host + " is not an address of this machine",
                        List.of("listen on localhost, on 0.0.0.0 for all addresses, or on one of this machine's own")));
            }
        }
        return Optional.empty();
    }

    /** {@code preferred} if it is free on loopback, or else any port that is; 0 for any. */
    static int freePort(int preferred) throws IOException {
        int port = preferred;
        while (port == 0 || !free(port)) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
        }
        return port;
    }

    /** Whether something listens on a port of this machine, on either loopback address. */
    static boolean listens(int port) {
        return listens("127.0.0.1", port) || listens("::1", port);
    }

    /** Whether something listens there. */
    static boolean listens(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), DIAL_MILLIS);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    static boolean hasIpv6() {
        return addresses("localhost").stream().allMatch(address -> opens(address, 0));
    }

    private static boolean free(int port) {
        return addresses("localhost").stream().allMatch(address -> opens(address, port) || !opens(address, 0));
    }

    private static CommandFailure taken(String key, int port) {
        Optional<PortHolder> holder = PortHolder.of(port);
        if (holder.isEmpty() && port < FIRST_UNPRIVILEGED_PORT) {
            return new CommandFailure(
                    "port " + port + " cannot be opened: ports below " + FIRST_UNPRIVILEGED_PORT + " need privileges",
                    List.of("take a port above, for example " + (port + 8000) + ", with " + remedy(key)));
        }
        String by = holder.map(h -> " by " + h.name() + " (process " + h.pid() + ")")
                .orElse("");
        return new CommandFailure(
                "port " + port + " is already in use" + by,
                List.of("stop " + (holder.isEmpty() ? "what holds it" : "that process") + ", or take another port with "
                        + remedy(key)));
    }

    private static String remedy(String key) {
        return key.equals("proxy.port") ? "-p PORT" : "\"" + key + "\" in the configuration";
    }

    private static List<InetAddress> addresses(String host) {
        try {
            if (isLocalhost(host)) {
                return List.of(InetAddress.getByAddress(IPV4_LOOPBACK), InetAddress.getByAddress(IPV6_LOOPBACK));
            }
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException unresolvable) {
            throw new CommandFailure(
                    "the name " + host + " does not resolve to an address", List.of("listen on localhost instead"));
        }
    }

    private static boolean isLocalhost(String host) {
        return host.equalsIgnoreCase("localhost");
    }

    private static boolean opens(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), 1);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
