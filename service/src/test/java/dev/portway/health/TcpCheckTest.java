package dev.portway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpCheckTest {

    /** What cannot be dialled at all, as ::1 cannot on a machine without IPv6: a broadcast address. */
    private static final SocketAddress UNDIALLABLE = new InetSocketAddress("255.255.255.255", 9);

    private final Dialer dialer = new Dialer();

    @AfterEach
    void stop() throws Exception {
        dialer.stop();
    }

    @Test
    void anAddressThatCannotBeDialledLeavesTheWordToOneThatRefuses() throws Exception {
        InetSocketAddress refusing = closed();

        assertThat(dialer.dial(UNDIALLABLE, Duration.ofSeconds(1)))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(SocketException.class)
                .matches(thrown -> !(thrown.getCause() instanceof ConnectException));
        assertThat(check(refusing, UNDIALLABLE)).isEqualTo(CheckResult.Kind.BAD);
        assertThat(check(UNDIALLABLE, refusing)).isEqualTo(CheckResult.Kind.BAD);
        assertThat(check(UNDIALLABLE)).isEqualTo(CheckResult.Kind.UNSURE);
    }

    private CheckResult.Kind check(SocketAddress... addresses) {
        return new TcpCheck(
                        dialer,
                        () -> CompletableFuture.completedFuture(List.of(addresses)),
                        Duration.ofSeconds(5),
                        false)
                .run()
                .join()
                .kind();
    }

    private static InetSocketAddress closed() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new InetSocketAddress(Loopback.V4, socket.getLocalPort());
        }
    }
}
