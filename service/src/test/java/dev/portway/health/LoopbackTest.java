package dev.portway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "web.localhost"})
    void triesBothAddressesOfALoopbackName(String host) {
        assertThat(Loopback.addressesOf(host)).containsExactly(Loopback.V4, Loopback.V6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1"})
    void takesALoopbackLiteralAtItsWord(String host) throws Exception {
        assertThat(Loopback.addressesOf(host)).containsExactly(InetAddress.getByName(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "localhost.example.com", "10.0.0.1", "2001:db8::1", "127.example.com"})
    void knowsNothingOfOtherHosts(String host) {
        assertThat(Loopback.addressesOf(host)).isEmpty();
    }

    @Test
    void holdsTheTwoAddresses() {
        assertThat(Loopback.V4.isLoopbackAddress()).isTrue();
        assertThat(Loopback.V6.isLoopbackAddress()).isTrue();
    }
}
