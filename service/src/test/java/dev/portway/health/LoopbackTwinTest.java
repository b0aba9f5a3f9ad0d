package dev.portway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class LoopbackTwinTest {

    private final Dialer dialer = new Dialer();
    private final LoopbackTwin twin = new LoopbackTwin(dialer);

    @AfterEach
    void stop() throws IOException {
        dialer.stop();
    }

    @Test
    void findsTheServerOnTheOtherLoopbackAddress() throws Exception {
        int port = Listener.closedPort(Loopback.V6);
        try (var origin = Listener.answering(Loopback.V4, port, 200)) {
            var answering = twin.answering(new InetSocketAddress(Loopback.V6, origin.port()))
                    .get(5, TimeUnit.SECONDS);

            assertThat(answering).contains(new InetSocketAddress(Loopback.V4, origin.port()));
        }
    }

    @Test
    void findsTheServerOnTheIpv6LoopbackAddress() throws Exception {
        Assumptions.assumeTrue(InetAddress.getAllByName("::1").length > 0 && ipv6Works());
        int port = Listener.closedPort(Loopback.V4);
        try (var origin = Listener.answering(Loopback.V6, port, 200)) {
            var answering = twin.answering(new InetSocketAddress(Loopback.V4, origin.port()))
                    .get(5, TimeUnit.SECONDS);

            assertThat(answering).contains(new InetSocketAddress(Loopback.V6, origin.port()));
        }
    }

    @Test
    void findsNothingWhereBothRefuse() throws Exception {
        int port = Listener.closedPort(Loopback.V4);

        assertThat(twin.answering(new InetSocketAddress(Loopback.V6, port)).get(5, TimeUnit.SECONDS))
                .isEmpty();
    }

    @Test
    void knowsNoTwinOfOtherAddressesNorOfUnresolvedNames() {
        assertThat(twin.answering(new InetSocketAddress("192.0.2.1", 80)))
                .isCompletedWithValueMatching(o -> o.isEmpty());
        assertThat(twin.answering(InetSocketAddress.createUnresolved("localhost", 80)))
                .isCompletedWithValueMatching(o -> o.isEmpty());
    }

    @Test
    void saysNothingOnceTheDialerHasStopped() throws Exception {
        dialer.stop();

        assertThat(twin.answering(new InetSocketAddress(Loopback.V4, 80)))
                .isCompletedWithValueMatching(o -> o.isEmpty());
    }

    private static boolean ipv6Works() {
        try {
            Listener.closedPort(Loopback.V6);
            return true;
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }
}
