package dev.portway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How bytes flow in a tunnel, and how long it lasts when they do not. */
final class TunnelFlowTest {

    private static final String ASK = """
            GET / HTTP/1.1\r
            Host: a.test\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            \r
            """;
    private static final String AGREE =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final int BLOCK = 1 << 16;
    private static final long FLOOD = 128L << 20;

    /** More than every socket buffer on the way can hold, and much less than the flood. */
    private static final long BUFFERED = 32L << 20;

    private final AtomicLong moved = new AtomicLong();
    private volatile Origin.Answer answer = exchange -> {};
    private final Origin origin = Origin.answering(exchange -> {
        exchange.write(AGREE);
        answer.to(exchange);
    });
    private ProxyHarness proxy = ProxyHarness.with(ProxyHarness.tlsMembers(), "{ \"/\": \"" + origin.url() + "\" }");

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void aReaderThatStopsStopsTheBackend() throws Exception {
        answer = exchange -> {
            byte[] block = new byte[BLOCK];
            for (long sent = 0; sent < FLOOD; sent += BLOCK) {
                exchange.write(block);
                moved.addAndGet(BLOCK);
            }
            throw new IOException("done");
        };
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();

            assertThat(movedUntilItStops()).isLessThan(BUFFERED);
            assertThat(buffersInUse()).isLessThan(32);

            assertThat(client.in().transferTo(OutputStream.nullOutputStream())).isEqualTo(FLOOD);
        }
    }

    @Test
    void aBackendThatStopsReadingStopsTheClient() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        AtomicLong received = new AtomicLong();
        answer = exchange -> {
            awaitLatch(read);
            received.set(exchange.in().transferTo(OutputStream.nullOutputStream()));
            throw new IOException("done");
        };
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
            Background flood = Background.run(() -> {
                byte[] block = new byte[BLOCK];
                for (long sent = 0; sent < FLOOD; sent += BLOCK) {
                    client.send(block);
                    moved.addAndGet(BLOCK);
                }
                client.socket().shutdownOutput();
            });

            assertThat(movedUntilItStops()).isLessThan(BUFFERED);
            assertThat(buffersInUse()).isLessThan(32);

            read.countDown();
            flood.join();
            await().untilAsserted(() -> assertThat(received.get()).isEqualTo(FLOOD));
        }
    }

    @Test
    void oneThatIsIdleHoldsNoBuffer() throws Exception {
        answer = TunnelFlowTest::echo;
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
            client.send("hello").in().readNBytes(5);
            long before = buffersInUse();

            RawClient[] others = new RawClient[50];
            for (int i = 0; i < others.length; i++) {
                others[i] = proxy.connect();
                others[i].send(ASK).readHead();
                others[i].send("hello").in().readNBytes(5);
            }

            await().untilAsserted(() -> assertThat(buffersInUse()).isLessThanOrEqualTo(before + 4));
            for (RawClient other : others) {
                other.close();
            }
        }
    }

    @Test
    void isNotEndedByTheLimitsOfRequestsButByItsOwn() throws Exception {
        restart("""
                "timeouts": {
                  "header": "100ms", "upload": "100ms", "response": "500ms", "stream": "100ms", "pool": "100ms",
                  "keepAlive": "100ms", "request": "300ms", "tunnel": "2s"
                }
                """);
        answer = TunnelFlowTest::echo;
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
            long begun = System.nanoTime();

            assertThat(client.in().read()).isEqualTo(-1);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1500));
        }
        await().untilAsserted(() -> assertThat(json("/tunnels")).isEmpty());
    }

    @Test
    void isNotKeptForEverByABackendThatDoesNotNoticeItsEnd() throws Exception {
        restart("\"timeouts\": { \"stream\": \"200ms\" }");
        CountDownLatch end = new CountDownLatch(1);
        answer = exchange -> awaitLatch(end);
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
        }

        await().untilAsserted(() -> assertThat(json("/tunnels")).isEmpty());
        end.countDown();
    }

    @Test
    void passesThroughTlsWithItsEndsAndItsEarlyBytes() throws Exception {
        answer = exchange -> {
            byte[] all = exchange.in().readAllBytes();
            exchange.write(all);
            throw new IOException("done");
        };
        SSLSocketFactory factory = TestCertificate.shared().trusting().getSocketFactory();
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), proxy.tls().getPort());
        try (Socket client =
                factory.createSocket(plain, "localhost", proxy.tls().getPort(), true)) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write((ASK + "early and ").getBytes(US_ASCII));
            InputStream in = client.getInputStream();
            assertThat(in.readNBytes(AGREE.length())).hasSize(AGREE.length());
            client.getOutputStream().write("late".getBytes(US_ASCII));
            client.shutdownOutput();

            assertThat(in.readAllBytes()).asString().isEqualTo("early and late");
        }
        await().untilAsserted(() -> assertThat(json("/tunnels")).isEmpty());
    }

    /** How much had moved when, for a while, nothing more did. */
    private long movedUntilItStops() {
        AtomicLong before = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            long now = moved.get();
            return now > 0 && before.getAndSet(now) == now;
        });
        return moved.get();
    }

    private long buffersInUse() throws Exception {
        return json("/metrics").at("/gauges/portway.buffers.in-use/value").asLong();
    }

    private JsonNode json(String path) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", path, null).body());
    }

    private void restart(String proxyMembers) {
        proxy.close();
        proxy = ProxyHarness.with(proxyMembers, "{ \"/\": \"" + origin.url() + "\" }");
    }

    private static void echo(Origin.Exchange exchange) throws IOException {
        exchange.in().transferTo(exchange.socket().getOutputStream());
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
