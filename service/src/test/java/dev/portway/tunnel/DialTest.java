package dev.portway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portway.HangingListener;
import dev.portway.Origin;
import dev.portway.transport.BackendConnector;
import dev.portway.transport.EventLoop;
import dev.portway.transport.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Promise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Connections a tunnel may begin with, made on a real loop: which addresses are tried, and what is left of those in vain. */
final class DialTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final Server server = new Server();
    private final EventLoops loops = new EventLoops(server.getThreadPool(), server.getScheduler(), 1);
    private final BackendConnector connector = new BackendConnector(loops);
    private final CompletableFuture<SocketLeg> outcome = new CompletableFuture<>();

    @BeforeEach
    void start() throws Exception {
        connector.setExecutor(server.getThreadPool());
        connector.setScheduler(server.getScheduler());
        connector.setByteBufferPool(server.getByteBufferPool());
        server.addBean(loops);
        server.addBean(connector);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void triesOneAddressAfterAnotherUntilOneAnswers() throws Exception {
        try (Origin origin = Origin.replying(200, "");
                HangingListener hanging = new HangingListener()) {
            InetSocketAddress good = new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.port());

            dial(SHORT, closed(), hanging.address(), good);

            assertThat(outcome.get(10, TimeUnit.SECONDS).getEndPoint().getRemoteSocketAddress())
                    .isEqualTo(good);
        }
    }

    @Test
    void failsAsTheLastAddressDid() throws Exception {
        try (HangingListener hanging = new HangingListener()) {
            dial(SHORT, closed(), hanging.address());

            assertThatThrownBy(() -> outcome.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // which shows sockets that are connecting
    void leavesNoSocketConnectingWhenItIsGivenUp() throws Exception {
        try (HangingListener hanging = new HangingListener()) {
            Dial dial = dial(LONG, hanging.address(), closed());
            await().until(() -> hanging.connecting() == 1);

            loop().execute(dial::giveUp);

            await().until(() -> hanging.connecting() == 0);
            assertThat(outcome).as("nobody waits for it").isNotDone();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesNoSocketConnectingWhenItsTimeIsUp() throws Exception {
        try (HangingListener hanging = new HangingListener()) {
            dial(SHORT, hanging.address());

            assertThatThrownBy(() -> outcome.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(SocketTimeoutException.class);
            await().until(() -> hanging.connecting() == 0);
        }
    }

    private Dial dial(Duration limit, InetSocketAddress... addresses) {
        Promise<SocketLeg> promise = Promise.from(outcome::complete, outcome::completeExceptionally);
        Dial dial = new Dial(connector, loop(), List.of(addresses), limit, promise);
        loop().execute(dial::next);
        return dial;
    }

    private EventLoop loop() {
        return loops.getBean(EventLoop.class);
    }

    private static InetSocketAddress closed() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }
}
