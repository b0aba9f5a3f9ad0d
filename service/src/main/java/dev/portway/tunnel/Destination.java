package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TunnelRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where a client wants to go that no route serves. Immutable.
 *
 * @param host as {@code RequestHost} makes it: lower case, without brackets
 * @param port 1..65535
 */
record Destination(String host, int port) {

    Destination {
        requireNonNull(host, "host");
    }

    /**
     * Those of its addresses that the rules let be dialled. An address is public, or in a block that is listed, or the host
     * is listed by its name; what it resolves to is then the affair of whoever listed it.
     */
    List<InetSocketAddress> allowed(List<InetSocketAddress> addresses, List<TunnelRule> rules) {
        return addresses.stream()
                .filter(address -> rules.stream().anyMatch(rule -> allows(rule, address.getAddress())))
                .toList();
    }

    private boolean allows(TunnelRule rule, InetAddress address) {
        if (!rule.fits(port)) {
            return false;
        }
        if (rule.block() != null) {
            return rule.block().contains(address);
        }
        return rule.anyPublicHost() ? PublicAddresses.contain(address) : rule.names(host);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
