package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

/**
 * Who sent a request, as far as that can be believed. Immutable.
 *
 * @param peer address of the other end of the connection; {@code unknown} where it has none
 * @param address of the client: the peer, or what a trusted peer says it is
 * @param scheme {@code http} or {@code https}, as the client sees it
 * @param trusted whether the peer is one of {@code proxy.trustedProxies}
 * @param local whether the client is on this machine
 */
public record Client(String peer, String address, String scheme, boolean trusted, boolean local) {

    public Client {
        requireNonNull(peer, "peer");
        requireNonNull(address, "address");
        requireNonNull(scheme, "scheme");
    }
}
