package dev.portway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.portway.config.Cidr;
import dev.portway.config.TunnelRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the addresses of a host may be dialled. */
final class DestinationTest {

    private static final TunnelRule PUBLIC = TunnelRule.DEFAULT;

    @ParameterizedTest
    @ValueSource(
            strings = {"8.8.8.8", "1.1.1.1", "193.99.144.85", "223.255.255.255", "2606:4700::1111", "2a00:1450::1"})
    void takesPublicAddressesForPublic(String address) {
        assertThat(PublicAddresses.contain(InetAddresses.forString(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.255.255.255",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "198.18.0.1",
                "224.0.0.251",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "64:ff9b::a00:1",
                "2001:0:1::1",
                "2001:db8::1",
                "2002:a00:1::",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void takesNoOtherForPublic(String address) {
        assertThat(PublicAddresses.contain(InetAddresses.forString(address))).isFalse();
    }

    @Test
    void leavesOfAllAddressesThoseThatAreAllowed() {
        Destination to = new Destination("half.example", 443);

        assertThat(to.allowed(addresses(443, "10.0.0.1", "8.8.8.8", "::1"), List.of(PUBLIC)))
                .containsExactlyElementsOf(addresses(443, "8.8.8.8"));
    }

    @Test
    void asksForThePortOfARule() {
        assertThat(new Destination("a.example", 22).allowed(addresses(22, "8.8.8.8"), List.of(PUBLIC)))
                .isEmpty();
    }

    @Test
    void trustsWhoeverListedANameWithWhatItResolvesTo() {
        List<InetSocketAddress> inside = addresses(5432, "10.0.0.1");
        List<TunnelRule> exact = List.of(new TunnelRule("db.internal", null, 5432));
        List<TunnelRule> suffix = List.of(new TunnelRule("*.internal", null, 0));

        assertThat(new Destination("db.internal", 5432).allowed(inside, exact)).isEqualTo(inside);
        assertThat(new Destination("db.internal", 5432).allowed(inside, suffix)).isEqualTo(inside);
        assertThat(new Destination("internal", 5432).allowed(inside, suffix)).isEmpty();
        assertThat(new Destination("evilinternal", 5432).allowed(inside, suffix))
                .isEmpty();
        assertThat(new Destination("evil.example", 5432).allowed(inside, exact)).isEmpty();
    }

    @Test
    void takesAnAddressInAListedBlockWhateverItsNameIs() {
        InetAddress network = InetAddresses.forString("10.0.0.0");
        List<TunnelRule> rules = List.of(new TunnelRule("", new Cidr(network, 8), 0));

        assertThat(new Destination("any.example", 1).allowed(addresses(1, "10.9.9.9", "11.0.0.1"), rules))
                .isEqualTo(addresses(1, "10.9.9.9"));
    }

    private static List<InetSocketAddress> addresses(int port, String... texts) {
        return Stream.of(texts)
                .map(text -> new InetSocketAddress(InetAddresses.forString(text), port))
                .toList();
    }
}
