package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tunnel one end of which breaks while the other does not read. */
final class TunnelLossTest {

    private static final String ASK = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String AGREE =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private final CountDownLatch stuffed = new CountDownLatch(1);
    private final Origin origin = Origin.answering(exchange -> {
        exchange.write(AGREE);
        Background.run(() -> {
            await().until(() -> stuffed.getCount() == 0);
            exchange.socket().setSoLinger(true, 0);
            exchange.socket().close();
        });
        byte[] piece = new byte[64 * 1024];
        while (true) {
            exchange.socket().getOutputStream().write(piece);
        }
    });
    private final ProxyHarness proxy = ProxyHarness.routing("/", origin);

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void endsWhereTheBackendIsLostAndTheClientDoesNotRead() throws Exception {
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
            await().untilAsserted(() ->
                    assertThat(proxy.admin("GET", "/tunnels", null).body()).contains("websocket"));
            await().untilAsserted(() ->
                    assertThat(moving()).as("the client reads nothing").isFalse());
            stuffed.countDown();
            client.socket().setSoTimeout(10);

            await().untilAsserted(() -> {
                say(client);
                assertThat(proxy.admin("GET", "/tunnels", null).body()).doesNotContain("websocket");
            });
        }
    }

    private boolean moving() throws Exception {
        String before = proxy.admin("GET", "/tunnels", null).body();
        await().pollDelay(java.time.Duration.ofMillis(200)).until(() -> true);
        return !before.equals(proxy.admin("GET", "/tunnels", null).body());
    }

    private static void say(RawClient client) {
        try {
            client.send("more");
        } catch (SocketTimeoutException slow) {
            throw new AssertionError(slow);
        } catch (IOException gone) {
            // Which is what is to be seen at the proxy.
            assertThat(gone).isNotNull();
        }
    }
}
