package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that go on in another protocol: the handshake and what follows it. */
final class UpgradeTest { // behaviours 58-65

    private static final String ASK = crlf("""
            GET /chat?room=1 HTTP/1.1
            Host: a.test
            Connection: keep-alive, Upgrade
            Upgrade: websocket
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Protocol: a, b
            Keep-Alive: timeout=5

            """);
    private static final String AGREE = crlf("""
            HTTP/1.1 101 Switching Protocols
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """);

    private volatile Origin.Answer answer = UpgradeTest::echo;
    private Origin origin;
    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        origin = Origin.answering(exchange -> answer.to(exchange));
        proxy = ProxyHarness.withRoutes("""
                [
                  { "id": "other", "path": "/other", "target": "%1$s", "upgrades": ["foo/2", "websocket"] },
                  { "id": "none", "path": "/none", "target": "%1$s", "upgrades": [] },
                  { "id": "ws", "target": "%1$s" }
                ]
                """.formatted(origin.url()));
    }

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void carriesBytesBothWays() throws Exception {
        try (RawClient client = proxy.connect()) {
            assertThat(client.send(ASK).readHead().status()).isEqualTo(101);

            client.send("hello");

            assertThat(text(client.in(), 5)).isEqualTo("hello");
        }
    }

    @Test
    void putsTheWishToTheBackendWithTheFieldsOfTheProtocol() throws Exception {
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();

            Origin.Received received = origin.take();
            assertThat(received.requestLine()).isEqualTo("GET /chat?room=1 HTTP/1.1");
            assertThat(received.field("Connection")).isEqualTo("Upgrade");
            assertThat(received.field("Upgrade")).isEqualTo("websocket");
            assertThat(received.field("Sec-WebSocket-Key")).isEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
            assertThat(received.field("Sec-WebSocket-Protocol")).isEqualTo("a, b");
            assertThat(received.field("Host")).isEqualTo("a.test");
            assertThat(received.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(received.field("Keep-Alive")).isNull();
        }
    }

    @Test
    void passesTheBackendsOwn101OnWithoutWhatConcernsItsConnection() throws Exception {
        answer = exchange -> {
            exchange.write(crlf("""
                    HTTP/1.1 101 Switching Protocols
                    Connection: upgrade, X-Hop
                    Upgrade: WebSocket
                    X-Hop: 1
                    Keep-Alive: timeout=5
                    Sec-WebSocket-Accept: abc=
                    Sec-WebSocket-Protocol: b
                    Sec-WebSocket-Extensions: permessage-deflate
                    Set-Cookie: a=1
                    Set-Cookie: b=2

                    """));
            exchange.in().read();
        };

        try (RawClient client = proxy.connect()) {
            RawClient.Response head = client.send(ASK).readHead();

            assertThat(head.lines().get(0)).isEqualTo("HTTP/1.1 101 Switching Protocols");
            assertThat(head.all("Connection")).containsExactly("Upgrade");
            assertThat(head.all("Upgrade")).containsExactly("WebSocket");
            assertThat(head.all("Set-Cookie")).containsExactly("a=1", "b=2");
            assertThat(head.field("Sec-WebSocket-Accept")).isEqualTo("abc=");
            assertThat(head.field("Sec-WebSocket-Protocol")).isEqualTo("b");
            assertThat(head.field("Sec-WebSocket-Extensions")).isEqualTo("permessage-deflate");
            assertThat(head.all("X-Hop")).isEmpty();
            assertThat(head.all("Keep-Alive")).isEmpty();
            assertThat(head.all("Content-Length")).isEmpty();
            assertThat(head.all("Transfer-Encoding")).isEmpty();
        }
    }

    @Test
    void losesNothingTheBackendSendsWithThe101() throws Exception {
        answer = exchange -> {
            exchange.write(AGREE + "first words");
            exchange.in().read();
        };

        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();

            assertThat(text(client.in(), 11)).isEqualTo("first words");
        }
    }

    @Test
    void losesNothingTheClientSendsBeforeThe101() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        answer = exchange -> {
            awaitLatch(sent);
            echo(exchange);
        };

        try (RawClient client = proxy.connect()) {
            client.send(ASK + "with the head, ");
            origin.take();
            client.send("after it");
            sent.countDown();
            client.readHead();

            assertThat(text(client.in(), 23)).isEqualTo("with the head, after it");
        }
    }

    @Test
    void passesAnEndOnAndLeavesTheOtherHalf() throws Exception {
        answer = exchange -> {
            exchange.write(AGREE);
            byte[] all = exchange.in().readAllBytes();
            exchange.write(all);
            exchange.write(" heard");
            throw new IOException("done");
        };

        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
            client.send("all I say");
            client.socket().shutdownOutput();

            assertThat(client.rest()).isEqualTo("all I say heard");
        }
        awaitNoneOpen();
    }

    @Test
    void passesTheBackendsEndOnAndLeavesTheOtherHalf() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        answer = exchange -> {
            exchange.write(AGREE);
            exchange.socket().shutdownOutput();
            if (new String(exchange.in().readAllBytes(), ISO_8859_1).equals("late")) {
                heard.countDown();
            }
            throw new IOException("done");
        };

        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
            assertThat(client.in().read()).isEqualTo(-1);
            client.send("late");
            client.socket().shutdownOutput();

            assertThat(heard.await(5, TimeUnit.SECONDS)).isTrue();
        }
        awaitNoneOpen();
    }

    @Test
    void tellsTheBackendWithinASecondThatTheClientIsGone() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        answer = exchange -> {
            exchange.write(AGREE);
            try {
                exchange.in().readAllBytes();
            } finally {
                gone.countDown();
            }
            throw new IOException("done");
        };

        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
        }

        assertThat(gone.await(1, TimeUnit.SECONDS)).isTrue();
        awaitNoneOpen();
    }

    @Test
    void tellsTheClientWithinASecondThatTheBackendIsGone() throws Exception {
        answer = exchange -> {
            exchange.write(AGREE);
            exchange.socket().setSoLinger(true, 0);
            throw new IOException("gone");
        };

        try (RawClient client = proxy.connect()) {
            client.socket().setSoTimeout(1000);
            client.send(ASK).readHead();

            assertThat(client.closed()).isTrue();
        }
        awaitNoneOpen();
        assertThat(counter("portway.route.ws.errors.connection_terminated")).isEqualTo(1);
    }

    @Test
    void tellsAClientThatVanishedFromOneThatEnded() throws Exception {
        try (RawClient ending = proxy.connect();
                RawClient vanishing = proxy.connect()) {
            ending.send(ASK).readHead();
            vanishing.send(ASK).readHead();
            vanishing.socket().setSoLinger(true, 0);
        }

        awaitNoneOpen();
        await().untilAsserted(() ->
                assertThat(counter("portway.route.ws.requests.1xx")).isEqualTo(1));
        await().untilAsserted(() ->
                assertThat(counter("portway.route.ws.requests.4xx")).isEqualTo(1));
        assertThat(counter("portway.route.ws.errors.client_closed")).isEqualTo(1);
        assertThat(backend().get("failures").asLong()).isZero();
    }

    @Test
    void recordsTheClientThatLeavesBeforeThe101As499() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        answer = exchange -> {
            try {
                exchange.in().readAllBytes();
            } finally {
                gone.countDown();
            }
            throw new IOException("done");
        };

        try (RawClient client = proxy.connect()) {
            client.send(ASK);
            origin.take();
        }

        assertThat(gone.await(1, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() ->
                assertThat(counter("portway.route.ws.errors.client_closed")).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "302 Found", "401 Unauthorized", "426 Upgrade Required"})
    void passesARefusalOnAsTheResponseItIs(String status) throws Exception {
        answer = exchange -> exchange.write("HTTP/1.1 " + status + "\r\nX-Why: no\r\nContent-Length: 2\r\n\r\nno");

        try (RawClient client = proxy.connect()) {
            RawClient.Response response = client.send(ASK).read();

            assertThat(response.lines().get(0)).isEqualTo("HTTP/1.1 " + status);
            assertThat(response.text()).isEqualTo("no");
            assertThat(response.field("X-Why")).isEqualTo("no");
            answer = exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .read()
                            .status())
                    .as("the connection is HTTP's still")
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket, other\r\n\r\n",
                "HTTP/1.0 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                ""
            })
    void answersWith502WhenTheBackendAgreesToWhatNobodyAsked(String agreed) throws Exception {
        answer = exchange -> {
            exchange.write(agreed);
            throw new IOException("done");
        };

        RawClient.Response response = proxy.raw(ASK);

        assertThat(response.status()).isEqualTo(502);
        awaitNoneOpen();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /chat HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n",
                "GET /chat HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: foo/2\r\n\r\n",
                "GET /none HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "GET /chat HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\n\r\n",
                "GET /chat HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\n\r\n",
                "GET /chat HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\nConnection: keep-alive\r\n\r\n",
                "GET /chat HTTP/1.1\r\nHost: a.test\r\nUpgrade:\r\nConnection: Upgrade\r\n\r\n",
                "GET /chat HTTP/1.1\r\nHost: a.test\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
                "GET /chat HTTP/1.0\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "POST /other HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: foo/2\r\nContent-Length: 1\r\n\r\nx"
            })
    void sendsWhatMayNotBeUpgradedAsAnOrdinaryRequest(String request) throws Exception {
        answer = exchange -> {
            exchange.readBody();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };

        assertThat(proxy.raw(request).status()).isEqualTo(200);

        Origin.Received received = origin.take();
        assertThat(received.all("Upgrade")).isEmpty();
        assertThat(received.all("Connection")).isEmpty();
    }

    @Test
    void putsOnlyThoseProtocolsToTheBackendThatTheRouteAllows() throws Exception {
        answer = exchange -> {
            exchange.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo/2\r\n\r\n");
            exchange.write(exchange.in().readNBytes(2));
        };

        try (RawClient client = proxy.connect()) {
            RawClient.Response head = client.send(
                            "OPTIONS /other HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: foo/3, FOO/2\r\n\r\n")
                    .readHead();

            assertThat(head.status()).isEqualTo(101);
            assertThat(origin.take().field("Upgrade")).isEqualTo("FOO/2");
            client.send("hi");
            assertThat(text(client.in(), 2)).isEqualTo("hi");
        }
    }

    @Test
    void recordsATunnelWhenItHasEnded() throws Exception {
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
            client.send("hello");
            text(client.in(), 5);

            assertThat(gauge("portway.tunnels.open")).isEqualTo(1);
            assertThat(gauge("portway.in-flight")).isEqualTo(1);
            assertThat(counter("portway.route.ws.requests.1xx")).isZero();
            assertThat(backend().get("inFlight").asLong()).isEqualTo(1);
        }

        awaitNoneOpen();
        await().untilAsserted(() ->
                assertThat(counter("portway.route.ws.requests.1xx")).isEqualTo(1));
        assertThat(counter("portway.route.ws.bytes.in")).isEqualTo(5);
        assertThat(counter("portway.route.ws.bytes.out")).isEqualTo(5);
        assertThat(gauge("portway.in-flight")).isZero();
        assertThat(backend().get("inFlight").asLong()).isZero();
        assertThat(backend().get("failures").asLong()).isZero();
    }

    private JsonNode backend() throws Exception {
        return json("/backends").get(0);
    }

    private void awaitNoneOpen() {
        await().untilAsserted(() -> assertThat(gauge("portway.tunnels.open")).isZero());
        await().untilAsserted(
                        () -> assertThat(gauge("portway.client-connections")).isZero());
    }

    private long gauge(String name) throws Exception {
        return json("/metrics").get("gauges").get(name).get("value").asLong();
    }

    private long counter(String name) throws Exception {
        JsonNode counter = json("/metrics").get("counters").get(name);
        return counter == null ? 0 : counter.get("count").asLong();
    }

    private JsonNode json(String path) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", path, null).body());
    }

    private static String crlf(String lines) {
        return lines.replace("\n", "\r\n");
    }

    private static void echo(Origin.Exchange exchange) throws IOException {
        exchange.write(AGREE);
        exchange.in().transferTo(exchange.socket().getOutputStream());
    }

    private static String text(InputStream in, int length) throws IOException {
        return new String(in.readNBytes(length), ISO_8859_1);
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
