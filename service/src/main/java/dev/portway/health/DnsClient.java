package dev.portway.health;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks DNS itself, and remembers nothing (decision 113). Its methods block, for a few seconds at most; a name is taken as
 * whole, without search domains. Thread-safe.
 */
public final class DnsClient {

    private final @Nullable InetSocketAddress server;

    /** @param server to ask; null for those of the system */
    public DnsClient(@Nullable InetSocketAddress server) {
        this.server = server;
    }

    /** The addresses of a name: what {@code server} says, or the system in its own way where there is none. */
    public InetAddress[] addressesOf(String host) throws UnknownHostException {
        if (server == null) {
            return InetAddress.getAllByName(host);
        }
        return asking(server).addressesOf(host);
    }

    /** Where the servers of a service are; at least one. */
    List<ServiceRecord> servicesOf(String name) throws UnknownHostException {
        return asking(server).servicesOf(name);
    }

    private static DnsQuery asking(@Nullable InetSocketAddress server) throws UnknownHostException {
        try {
            return new DnsQuery(server);
        } catch (NoClassDefFoundError e) {
            UnknownHostException missing =
                    new UnknownHostException("DNS can be asked by dnsjava alone, which is not on the class path");
            missing.initCause(e);
            throw missing;
        }
    }
}
