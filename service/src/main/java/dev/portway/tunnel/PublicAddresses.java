package dev.portway.tunnel;

import com.google.common.net.InetAddresses;
import dev.portway.config.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are those of hosts on the Internet that anybody can reach, by the registries of special-purpose
 * addresses (RFC 6890). Whatever stands for another address, such as an IPv4 address within an IPv6 one, is none.
 */
final class PublicAddresses {

    private static final List<Cidr> SPECIAL_4 = blocks(
            "0.0.0.0/8", // this network, and unspecified
            "10.0.0.0/8", // private
            "100.64.0.0/10", // behind carriers' address translation
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, where clouds keep their metadata
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocols
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, and broadcast

    /** Of IPv6, all that is public: unique-local, link-local, mapped and translated addresses lie elsewhere. */
    private static final Cidr GLOBAL_6 = block("2000::/3");

    private static final List<Cidr> SPECIAL_6 = blocks(
            "2001::/23", // protocols, Teredo among them
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4
            "3fff::/20"); // documentation

    private PublicAddresses() {}

    static boolean contain(InetAddress address) {
        return address instanceof Inet4Address
                ? SPECIAL_4.stream().noneMatch(block -> block.contains(address))
                : GLOBAL_6.contains(address) && SPECIAL_6.stream().noneMatch(block -> block.contains(address));
    }

    private static List<Cidr> blocks(String... texts) {
        return Stream.of(texts).map(PublicAddresses::block).toList();
    }

    private static Cidr block(String text) {
        int slash = text.indexOf('/');
        return new Cidr(InetAddresses.forString(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }
}
