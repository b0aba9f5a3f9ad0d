package dev.portway.tunnel;

import dev.portway.transport.ClientListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;

/** Where this process listens itself, which no tunnel may lead to: not to itself, and not around the guard of the admin API. */
final class OwnListeners {

    private final Server server;

    OwnListeners(Server server) {
        this.server = server;
    }

    /** Whether one of {@code addresses} is the proxy's. May ask the system, so not to be called on an event loop. */
    boolean proxy(List<InetSocketAddress> addresses) {
        return any(addresses, true);
    }

    /** Whether one of them is another listener of this process; as {@link #proxy} otherwise. */
    boolean other(List<InetSocketAddress> addresses) {
        return any(addresses, false);
    }

    private boolean any(List<InetSocketAddress> addresses, boolean proxy) {
        for (NetworkConnector connector : server.getBeans(NetworkConnector.class)) {
            if (ClientListener.NAME.equals(connector.getName()) == proxy) {
                for (InetSocketAddress address : addresses) {
                    if (address.getPort() == connector.getLocalPort() && here(address.getAddress())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether it is an address of this machine; as {@link #proxy} otherwise. */
    static boolean here(InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return true;
        }
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // cannot be told: then rather not
        }
    }
}
