package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections are kept, which are closed, and how clients and backends of HTTP/1.0 are served. */
final class ForwardConnectionTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";

    private Origin origin;
    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        origin = Origin.sending(OK);
        proxy = ProxyHarness.routing("/", origin);
    }

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void servesRequestAfterRequestOnOneConnection() throws IOException { // behaviours 15, 48, 83
        origin.thenSending(CHUNKED);
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response = client.send("GET /" + i + " HTTP/1.1\r\nHost: h\r\n\r\n")
                        .read();
                assertThat(response.text()).isEqualTo("hi");
                assertThat(response.all("Connection")).isEmpty();
            }
        }
        assertThat(origin.used()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: X-Named\r\nX-Named: 1\r\n", "Connection: keep-alive\r\n", ""})
    void keepsTheBackendsConnection(String fields) throws IOException { // behaviour 15
        // The last chunk goes to the client when the backend's connection is back in its pool.
        origin.thenSending(CHUNKED.replace("\r\n\r\n2", "\r\n" + fields + "\r\n2"));

        try (var oneLoop =
                ProxyHarness.with("\"limits\": { \"eventLoops\": 1 }", "{\"/\": \"" + origin.url() + "\"}")) {
            for (int i = 0; i < 3; i++) {
                oneLoop.raw("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            }
        }

        assertThat(origin.used()).isEqualTo(1);
    }

    @Test
    void makesANewConnectionAfterTheBackendSaysClose() throws IOException { // behaviour 15
        origin.thenSending("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response =
                        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();
                assertThat(response.text()).isEqualTo("hi");
                assertThat(response.all("Connection")).as("the other hop's").isEmpty();
            }
        }
        assertThat(origin.used()).isEqualTo(3);
        await().until(() -> origin.closed() >= 3);
    }

    @Test
    void closesWhenTheClientAsks() throws IOException { // behaviour 48
        try (RawClient client = proxy.connect()) {
            RawClient.Response response = client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                    .read();

            assertThat(response.field("Connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
            assertThat(origin.take().all("Connection")).isEmpty();
        }
    }

    @Test
    void closesAfterAnOldClientsRequest() throws IOException { // behaviour 48
        try (RawClient client = proxy.connect()) {
            RawClient.Response response =
                    client.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n").read();

            assertThat(response.text()).isEqualTo("hi");
            assertThat(response.all("Connection")).doesNotContain("keep-alive");
            assertThat(client.closed()).isTrue();
            assertThat(origin.take().requestLine()).isEqualTo("GET / HTTP/1.1");
        }
    }

    @Test
    void keepsAnOldClientsConnectionWhereItAsks() throws IOException { // behaviour 48
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response = client.send("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n")
                        .read();

                assertThat(response.text()).isEqualTo("hi");
                assertThat(response.field("Connection")).isEqualToIgnoringCase("keep-alive");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
    void sendsAnOldClientNoChunks(String fields) throws IOException { // behaviour 49
        String text = "x".repeat(1_000_000); // more than is read at once
        origin.thenSending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(text.length())
                + "\r\n" + text + "\r\n0\r\n\r\n");
        try (RawClient client = proxy.connect()) {
            RawClient.Response response = client.send("GET / HTTP/1.0\r\nHost: h\r\n" + fields + "\r\n")
                    .read();

            assertThat(response.all("Transfer-Encoding")).isEmpty();
            assertThat(response.text()).isEqualTo(text);
            assertThat(response.all("Connection")).doesNotContain("keep-alive");
            assertThat(client.closed()).isTrue();
        }
    }

    /** RFC 9112, section 6.1: what an old backend means by it, nobody knows. */
    @Test
    void usesNoConnectionAgainOnWhichAnOldBackendSentChunks() throws IOException {
        origin.thenSending(CHUNKED.replace("HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"));
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                                .read()
                                .text())
                        .isEqualTo("hi");
            }
        }
        assertThat(origin.used()).isEqualTo(3);
    }

    @Test
    void takesAResponseOfAnOldBackendToItsEnd() throws IOException { // behaviour 15
        origin.then(exchange -> {
            exchange.write("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello");
            exchange.socket().close();
        });
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                RawClient.Response response =
                        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();

                assertThat(response.lines().get(0)).startsWith("HTTP/1.1 200");
                assertThat(response.text()).isEqualTo("hello");
            }
        }
    }

    @Test
    void servesPipelinedRequestsInOrder() throws IOException {
        origin.then(exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                + exchange.request().target()));
        try (RawClient client = proxy.connect()) {
            client.send(String.join(
                    "",
                    "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n",
                    "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
                    "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n"));

            assertThat(client.read().text()).isEqualTo("/1");
            assertThat(client.read().text()).isEqualTo("/2");
            assertThat(client.read().text()).isEqualTo("/3");
        }
    }

    @Test
    void usesNoConnectionThatTheBackendHasClosed() throws IOException { // behaviour 83
        origin.then(exchange -> {
            exchange.write(OK);
            exchange.socket().close();
        });
        try (RawClient client = proxy.connect()) {
            for (int i = 1; i <= 20; i++) {
                RawClient.Response response =
                        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();

                assertThat(response.text()).as("request %d", i).isEqualTo("hi");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 11\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"})
    void sendsABodyAgainWhereTheKeptConnectionIsLost(String begun) throws IOException { // behaviour 83
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<String> received = new AtomicReference<>();
        try (RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();
            origin.then(exchange -> {
                if (asked.incrementAndGet() == 1) {
                    exchange.in().read(); // some of the body has come
                    exchange.socket().close();
                } else {
                    received.set(new String(exchange.body().readAllBytes(), ISO_8859_1));
                    exchange.write(OK);
                }
            });
            client.send("PUT / HTTP/1.1\r\nHost: h\r\n" + begun);
            await().until(() -> asked.get() == 2);
            client.send(begun.contains("chunked") ? "6\r\n world\r\n0\r\n\r\n" : " world");

            assertThat(client.read().text()).isEqualTo("hi");
            assertThat(received).hasValue("hello world");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
            })
    void sendsNothingTwiceThatMustNotBe(String request) throws IOException { // behaviour 79
        AtomicInteger asked = new AtomicInteger();
        try (RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();
            origin.then(exchange -> {
                asked.incrementAndGet();
                exchange.socket().close();
            });

            assertThat(client.send(request).read().status()).isEqualTo(502);
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void sendsARequestThatKillsTheBackendOnceMoreAndNotAgain() throws Exception {
        AtomicInteger killed = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(8);
        origin.then(exchange -> {
            if (exchange.request().target().equals("/poison")) {
                killed.incrementAndGet();
                throw new IOException("dead");
            }
            all.countDown();
            awaitQuietly(all); // so that each of them has a connection of its own
            exchange.write(OK);
        });
        try (var oneLoop =
                ProxyHarness.with("\"limits\": { \"eventLoops\": 1 }", "{\"/\": \"" + origin.url() + "\"}")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(oneLoop.connect().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
            }
            for (RawClient client : clients) {
                assertThat(client.read().text()).isEqualTo("hi");
                client.close();
            }

            RawClient.Response response = oneLoop.raw("PUT /poison HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(response.status()).isEqualTo(502);
            assertThat(killed).hasValue(2);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        assertThat(Uninterruptibles.awaitUninterruptibly(latch, 10, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void sendsABodyThatIsTooLargeToKeepNotAgain() throws IOException {
        byte[] body = new byte[1024 * 1024];
        AtomicInteger asked = new AtomicInteger();
        try (RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();
            origin.then(exchange -> {
                asked.incrementAndGet();
                exchange.in().readNBytes(512 * 1024);
                exchange.socket().close();
            });
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .send(body);

            assertThat(client.read().status()).isEqualTo(502);
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void noticesThatTheClientLeavesARepeatedRequest() throws IOException { // behaviour 40
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean left = new AtomicBoolean();
        try (RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();
            origin.then(exchange -> {
                if (asked.incrementAndGet() == 1) {
                    exchange.socket().close(); // the kept connection
                } else {
                    left.set(exchange.in().read() < 0);
                }
            });
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            await().until(() -> asked.get() == 2);
        }

        await().untilTrue(left);
    }

    @Test
    void repeatsNoRequestThatMayHaveBeenServed() throws IOException { // behaviour 79
        try (RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();
            origin.then(exchange -> exchange.socket().close());

            RawClient.Response post = client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                    .read();

            assertThat(post.status()).isEqualTo(502);
            origin.take();
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void repeatsNoRequestThatANewConnectionWasMadeFor() throws IOException { // behaviour 35
        origin.then(exchange -> exchange.socket().close());

        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=connection_terminated");
        origin.take();
        assertThat(origin.untaken()).isEmpty();
    }

    @RepeatedTest(3)
    void servesManyClientsAtOnce() throws Exception { // behaviour 83
        Background[] clients = new Background[16];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = Background.run(() -> {
                try (RawClient client = proxy.connect()) {
                    for (int request = 0; request < 20; request++) {
                        assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                                        .read()
                                        .text())
                                .isEqualTo("hi");
                    }
                }
            });
        }
        for (Background client : clients) {
            client.join();
        }
        assertThat(origin.used()).as("connections for 320 requests").isBetween(1, 80);
    }
}
