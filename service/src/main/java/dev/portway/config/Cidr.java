package dev.portway.config;

import java.net.InetAddress;

/**
 * A block of addresses (RFC 4632, RFC 4291), written {@code 10.0.0.0/8}, {@code ::1} or {@code 2001:db8::/32}. Immutable.
 *
 * @param network its first address, bits beyond {@code prefix} zero
 * @param prefix length in bits, 0..32 or 0..128
 */
public record Cidr(InetAddress network, int prefix) {

    /** Whether {@code address} lies in this block; an IPv4-mapped IPv6 address counts as the IPv4 one. */
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != theirs[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        int mask = 0xFF << (8 - rest) & 0xFF;
        return rest == 0 || (mine[whole] & mask) == (theirs[whole] & mask);
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
