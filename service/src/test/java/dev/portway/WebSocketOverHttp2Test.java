package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets that browsers open over HTTP/2 (RFC 8441), to backends that know them over HTTP/1.1. */
final class WebSocketOverHttp2Test {

    private static final int STREAM = 1;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;

    private volatile Origin.Answer answer = WebSocketOverHttp2Test::echo;
    private Origin origin;
    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        origin = Origin.answering(exchange -> answer.to(exchange));
        proxy = ProxyHarness.with(ProxyHarness.tlsMembers(), """
                [
                  { "id": "none", "path": "/none", "target": "%1$s", "upgrades": [] },
                  { "id": "ws", "methods": ["GET"], "target": "%1$s" }
                ]
                """.formatted(origin.url()));
    }

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void carriesBytesBothWays(boolean tls) throws Exception {
        try (RawHttp2 client = RawHttp2.to(server(tls))) {
            open(client, "/chat?room=1", "sec-websocket-protocol", "b");
            RawHttp2.Frame agreed = client.await(RawHttp2.HEADERS);

            assertThat(((MetaData.Response) agreed.data()).getStatus()).isEqualTo(200);
            assertThat(agreed.flags() & RawHttp2.END_STREAM).isZero();
            assertThat(agreed.data().getHttpFields().get("sec-websocket-protocol"))
                    .isEqualTo("b");
            assertThat(agreed.data().getHttpFields().getFieldNamesCollection())
                    .doesNotContain("sec-websocket-accept", "upgrade", "connection");
            client.data(STREAM, "hello");
            assertThat(bytes(client, 5)).asString(ISO_8859_1).isEqualTo("hello");
            client.lastData(STREAM, "bye");
            assertThat(bytes(client, 3)).asString(ISO_8859_1).isEqualTo("bye");
        }
        Origin.Received received = origin.take();
        assertThat(received.requestLine()).isEqualTo("GET /chat?room=1 HTTP/1.1");
        assertThat(received.field("Host")).isEqualTo("a.test");
        assertThat(received.field("Connection")).isEqualTo("Upgrade");
        assertThat(received.field("Upgrade")).isEqualTo("websocket");
        assertThat(received.field("Sec-WebSocket-Version")).isEqualTo("13");
        assertThat(Base64.getDecoder().decode(received.field("Sec-WebSocket-Key")))
                .hasSize(16);
        assertThat(received.field("Cookie")).isEqualTo("a=1; b=2");
        assertThat(received.all("Transfer-Encoding")).isEmpty();
    }

    @Test
    void saysThatItCan() throws Exception {
        try (RawHttp2 client = RawHttp2.connect(server(false))) {
            client.send(RawHttp2.PREFACE).frame(RawHttp2.SETTINGS, 0, 0);

            ByteBuffer settings =
                    ByteBuffer.wrap(client.await(RawHttp2.SETTINGS).payload());

            boolean enabled = false;
            while (settings.hasRemaining()) {
                short name = settings.getShort();
                int value = settings.getInt();
                enabled |= name == ENABLE_CONNECT_PROTOCOL && value == 1;
            }
            assertThat(enabled).isTrue();
        }
    }

    @Test
    void losesNothingThatIsSaidTooEarly() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        answer = exchange -> {
            awaitLatch(sent);
            exchange.write(WebSocketServer.agreement(exchange) + "first ");
            exchange.in().transferTo(exchange.socket().getOutputStream());
        };
        try (RawHttp2 client = RawHttp2.to(server(false))) {
            open(client, "/chat");
            client.data(STREAM, "early");
            sent.countDown();

            assertThat(bytes(client, 11)).asString(ISO_8859_1).isEqualTo("first early");
        }
    }

    @Test
    void carriesAMegabyteBothWays() throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(1).nextBytes(sent);
        try (RawHttp2 client = RawHttp2.to(server(true))) {
            open(client, "/chat");
            client.await(RawHttp2.HEADERS);

            ByteArrayOutputStream echoed = new ByteArrayOutputStream();
            for (int at = 0; at < sent.length; at += 1 << 14) {
                byte[] piece = new byte[1 << 14];
                System.arraycopy(sent, at, piece, 0, piece.length);
                client.frame(RawHttp2.DATA, 0, STREAM, piece);
                echoed.writeBytes(bytes(client, piece.length));
            }

            assertThat(echoed.toByteArray()).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"401 Unauthorized", "302 Found", "426 Upgrade Required"})
    void passesARefusalOnAsTheResponseItIs(String status) throws Exception {
        answer = exchange -> exchange.write("HTTP/1.1 " + status + "\r\nX-Why: no\r\nContent-Length: 2\r\n\r\nno");

        try (RawHttp2 client = RawHttp2.to(server(false))) {
            open(client, "/chat");
            RawHttp2.Response response = client.response(STREAM);

            assertThat(response.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
            assertThat(response.body()).isEqualTo("no");
            assertThat(response.all("x-why")).containsExactly("no");
        }
    }

    @Test
    void takesNoSuccessOfAnotherKindForTheBeginningOfATunnel() throws Exception {
        answer = exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");

        try (RawHttp2 client = RawHttp2.to(server(false))) {
            open(client, "/chat");

            assertThat(client.response(STREAM).status()).isEqualTo(502);
        }
    }

    @Test
    void checksTheAnswerToItsKey() throws Exception {
        answer = exchange -> exchange.write("""
                HTTP/1.1 101 Switching Protocols
                Connection: Upgrade
                Upgrade: websocket
                Sec-WebSocket-Accept: c29tZXRoaW5nIGVsc2U=

                """.replace("\n", "\r\n"));

        try (RawHttp2 client = RawHttp2.to(server(false))) {
            open(client, "/chat");

            assertThat(client.response(STREAM).status()).isEqualTo(502);
        }
    }

    @Test
    void refusesAProtocolThatTheRouteDoesNotAllow() throws Exception {
        try (RawHttp2 client = RawHttp2.to(server(false))) {
            open(client, "/none");

            assertThat(client.response(STREAM).status()).isEqualTo(501);
        }
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void tellsTheBackendThatAStreamWasReset() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        answer = exchange -> {
            exchange.write(WebSocketServer.agreement(exchange));
            try {
                exchange.in().readAllBytes();
            } finally {
                gone.countDown();
            }
        };
        try (RawHttp2 client = RawHttp2.to(server(false))) {
            open(client, "/chat");
            client.await(RawHttp2.HEADERS);

            client.frame(RawHttp2.RST_STREAM, 0, STREAM, new byte[] {0, 0, 0, 8});

            assertThat(gone.await(1, TimeUnit.SECONDS)).isTrue();
            await().untilAsserted(() -> assertThat(json("/tunnels")).isEmpty());
            client.get(3, "/none");
            client.await(RawHttp2.HEADERS); // the connection serves on
        }
    }

    @Test
    void tellsTheClientThatTheBackendIsGone() throws Exception {
        answer = exchange -> {
            exchange.write(WebSocketServer.agreement(exchange));
            throw new IOException("gone");
        };
        try (RawHttp2 client = RawHttp2.to(server(false))) {
            open(client, "/chat");
            client.await(RawHttp2.HEADERS);

            RawHttp2.Frame end = client.await(RawHttp2.DATA);

            assertThat(end.flags() & RawHttp2.END_STREAM).isNotZero();
            client.lastData(STREAM, "");
        }
        await().untilAsserted(() -> assertThat(json("/tunnels")).isEmpty());
    }

    @Test
    void isRecordedOnceWhenItHasEnded() throws Exception {
        try (RawHttp2 client = RawHttp2.to(server(false))) {
            open(client, "/chat");
            client.await(RawHttp2.HEADERS);
            client.data(STREAM, "hello");
            bytes(client, 5);
            assertThat(json("/tunnels").get(0).get("kind").asText()).isEqualTo("websocket");
            assertThat(counter("portway.route.ws.requests.2xx")).isZero();

            client.lastData(STREAM, "");
            await().untilAsserted(() ->
                    assertThat(counter("portway.route.ws.requests.2xx")).isEqualTo(1));
        }
        assertThat(counter("portway.route.ws.bytes.in")).isEqualTo(5);
        assertThat(counter("portway.route.ws.bytes.out")).isEqualTo(5);
        assertThat(json("/backends").get(0).get("inFlight").asInt()).isZero();
    }

    @Test
    void isNotWhatAnOrdinaryRequestForAnotherHostIs() throws Exception {
        try (ProxyHarness fallback = ProxyHarness.of("""
                {
                  "proxy": { "port": 0, "admin": { "port": 0 }, "tunnel": { "enabled": true } },
                  "routes": [],
                  "default": { "target": "%s" },
                  "logging": { "level": "WARN", "access": false }
                }
                """.formatted(origin.url()));
                RawHttp2 client = RawHttp2.to(fallback.proxy())) {
            answer = exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

            client.get(1, "/");

            assertThat(client.response(1).status()).isEqualTo(200);
        }
    }

    @Test
    void makesTunnelsToOtherHostsToo() throws Exception {
        Origin elsewhere = Origin.on("127.0.0.2", exchange -> exchange.write("HTTP/1.1 204 None\r\n\r\n"));
        try (elsewhere;
                ProxyHarness forward =
                        ProxyHarness.with("\"tunnel\": { \"enabled\": true, \"allow\": [\"127.0.0.2:*\"] }", "[]");
                RawHttp2 client = RawHttp2.to(forward.proxy())) {
            byte[] fields = RawHttp2.block(":method", "CONNECT", ":authority", "127.0.0.2:" + elsewhere.port());
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, STREAM, fields);
            RawHttp2.Frame agreed = client.await(RawHttp2.HEADERS);
            assertThat(((MetaData.Response) agreed.data()).getStatus()).isEqualTo(200);

            client.data(STREAM, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

            assertThat(bytes(client, 21)).asString(ISO_8859_1).startsWith("HTTP/1.1 204 None");
        }
    }

    private URI server(boolean tls) {
        return tls ? proxy.tls() : proxy.proxy();
    }

    private static void open(RawHttp2 client, String path, String... fields) throws IOException {
        List<String> all = new ArrayList<>(List.of(RawHttp2.request("CONNECT", path)));
        all.addAll(2, List.of(":protocol", "websocket"));
        all.addAll(List.of("sec-websocket-version", "13", "cookie", "a=1", "cookie", "b=2"));
        all.addAll(List.of(fields));
        client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, STREAM, RawHttp2.block(all.toArray(String[]::new)));
    }

    /** So many bytes of the stream, for which the server gets its credit back. */
    private static byte[] bytes(RawHttp2 client, int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < length) {
            byte[] piece = client.await(RawHttp2.DATA).payload();
            bytes.writeBytes(piece);
            if (piece.length > 0) {
                byte[] credit = ByteBuffer.allocate(4).putInt(piece.length).array();
                client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, credit);
                client.frame(RawHttp2.WINDOW_UPDATE, 0, STREAM, credit);
            }
        }
        return bytes.toByteArray();
    }

    private long counter(String name) throws Exception {
        JsonNode counter = json("/metrics").get("counters").get(name);
        return counter == null ? 0 : counter.get("count").asLong();
    }

    private JsonNode json(String path) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", path, null).body());
    }

    private static void echo(Origin.Exchange exchange) throws IOException {
        exchange.write(WebSocketServer.agreement(exchange));
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
