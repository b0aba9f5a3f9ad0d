package dev.portway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Tunnels over HTTP/2 that end before they begin, or other than both sides want: nothing of them is left. */
@Timeout(60)
final class Http2TunnelEndTest {

    private static final int CANCEL = 8;
    private static final byte[] CANCELLED =
            ByteBuffer.allocate(4).putInt(CANCEL).array();
    private static final int WINDOW = 65_535;
    private static final int FRAME = 1 << 14;

    private volatile Origin.Answer answer = exchange -> exchange.in().readAllBytes();
    private final Origin origin = Origin.answering(exchange -> answer.to(exchange));
    private ProxyHarness proxy = ProxyHarness.withRoutes("""
            [
              { "id": "none", "path": "/none", "target": "%1$s", "upgrades": [] },
              { "id": "ws", "target": "%1$s" }
            ]
            """.formatted(origin.url()));

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void aClientThatLeavesBeforeItIsToldEndsItsTunnel() throws Exception {
        CountDownLatch agreed = new CountDownLatch(1);
        answer = exchange -> {
            if (exchange.request().target().equals("/big")) {
                exchange.write("HTTP/1.1 200 OK\r\n\r\n");
                byte[] block = new byte[1 << 16];
                for (int i = 0; i < 1024; i++) {
                    exchange.write(block);
                }
                throw new IOException("done");
            } else if (exchange.request().target().equals("/small")) {
                exchange.write("HTTP/1.1 204 None\r\n\r\n");
            } else {
                exchange.write(WebSocketServer.agreement(exchange));
                agreed.countDown();
                exchange.in().readAllBytes();
            }
        };
        try (RawHttp2 client = RawHttp2.connect(proxy.proxy())) {
            client.send(RawHttp2.PREFACE)
                    .frame(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0x7F, -1, -1, -1})
                    .frame(RawHttp2.WINDOW_UPDATE, 0, 0, credit(Integer.MAX_VALUE - WINDOW));
            client.get(1, "/big");
            client.await(RawHttp2.DATA); // and reads no more
            open(client, 3, "/chat");
            agreed.await();
            for (int i = 0; i < 10; i++) {
                assertThat(proxy.get("/small").statusCode()).isEqualTo(204); // the loops have come round
            }

            client.socket().setSoLinger(true, 0);
        }

        await().untilAsserted(() -> {
            assertThat(json("/backends").get(0).get("inFlight").asInt()).isZero();
            assertThat(gauge("in-flight")).isZero();
        });
    }

    @Test
    void aTunnelThatNobodyWantsAnyMoreIsNotKept() throws Exception {
        String authority = "127.0.0.1:" + origin.port();
        Path file = Files.writeString(
                folder.resolve("users.htpasswd"), "ann:" + BCrypt.hashpw("secret", BCrypt.gensalt("$2b", 8)) + "\n");
        proxy.close();
        proxy = ProxyHarness.with(
                "\"tunnel\": { \"enabled\": true, \"allow\": [\"127.0.0.1:*\"], \"credentials\": \"" + file + "\" }",
                "[]");
        byte[] fields = RawHttp2.block(
                ":method",
                "CONNECT",
                ":authority",
                authority,
                "proxy-authorization",
                "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(UTF_8)));
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            int last = 41;
            for (int stream = 1; stream < last; stream += 2) {
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, fields);
                client.frame(RawHttp2.RST_STREAM, 0, stream, CANCELLED);
            }
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, last, fields);
            RawHttp2.Frame head = client.await(RawHttp2.HEADERS);

            assertThat(head.stream()).isEqualTo(last);
            await().untilAsserted(() -> {
                assertThat(origin.open()).isEqualTo(1);
                assertThat(gauge("in-flight")).isEqualTo(1);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatABackendDidNotTakeIsDroppedWhenTheTunnelIsBroken(boolean byTheBackend) throws Exception {
        CountDownLatch leave = new CountDownLatch(1);
        answer = exchange -> {
            exchange.write(WebSocketServer.agreement(exchange));
            awaitLatch(leave);
            exchange.socket().setSoLinger(true, 0);
            throw new IOException("gone");
        };
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            long buffers = gauge("buffers.in-use");
            open(client, 1, "/chat");
            client.await(RawHttp2.HEADERS);
            fill(client);

            if (byTheBackend) {
                leave.countDown();
            } else {
                String id = json("/tunnels").get(0).get("id").asText();
                proxy.admin("DELETE", "/tunnels/" + id, null);
            }

            assertThat(client.await(RawHttp2.RST_STREAM).error()).isEqualTo(CANCEL);
            // Those that ask have buffers of their own.
            await().untilAsserted(() -> assertThat(gauge("buffers.in-use")).isLessThanOrEqualTo(buffers + 2));
        } finally {
            leave.countDown();
        }
    }

    @Test
    void whatAClientDoesNotTakeIsDroppedWhenTheTunnelIsClosed() throws Exception {
        answer = exchange -> {
            exchange.write(WebSocketServer.agreement(exchange));
            exchange.write(new byte[2 * WINDOW]);
            exchange.in().readAllBytes();
        };
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            open(client, 1, "/chat");
            for (int bytes = 0; bytes < WINDOW; ) {
                bytes += client.await(RawHttp2.DATA).payload().length;
            }
            String id = json("/tunnels").get(0).get("id").asText();

            proxy.admin("DELETE", "/tunnels/" + id, null);

            assertThat(client.await(RawHttp2.RST_STREAM).error()).isEqualTo(CANCEL);
            await().untilAsserted(() -> {
                assertThat(gauge("in-flight")).isZero();
                assertThat(json("/backends").get(0).get("inFlight").asInt()).isZero();
            });
        }
    }

    @Test
    void aRefusalEndsTheExchangeAtOnceWhateverWasSaidTooEarly() throws Exception {
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            long buffers = gauge("buffers.in-use");

            for (int stream = 1; stream < 101; stream += 2) {
                open(client, stream, "/none");
                client.data(stream, "early");
                assertThat(client.response(stream).status()).isEqualTo(501);
            }

            await().untilAsserted(() -> {
                assertThat(gauge("in-flight")).isZero();
                assertThat(gauge("buffers.in-use")).isLessThanOrEqualTo(buffers + 2);
            });
            JsonNode counters = json("/metrics").get("counters");
            assertThat(counters.at("/portway.route.none.requests.5xx/count").asInt())
                    .isEqualTo(50);
            assertThat(counters.at("/portway.route.none.requests.4xx/count").asInt())
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "5"})
    void aConnectHasNoLength(String length) throws Exception {
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            open(client, 1, "/chat", "content-length", length);

            assertThat(client.response(1).status()).isEqualTo(400);
        }
        assertThat(origin.untaken()).isEmpty();
    }

    private static void open(RawHttp2 client, int stream, String path, String... fields) throws IOException {
        List<String> all = new ArrayList<>(List.of(RawHttp2.request("CONNECT", path)));
        all.addAll(2, List.of(":protocol", "websocket"));
        all.addAll(List.of("sec-websocket-version", "13"));
        all.addAll(List.of(fields));
        client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, RawHttp2.block(all.toArray(String[]::new)));
    }

    /** Sends on stream 1 for as long as the proxy gives credit. */
    private static void fill(RawHttp2 client) throws IOException {
        long connection = WINDOW;
        long stream = WINDOW;
        client.socket().setSoTimeout(1_000);
        try {
            while (true) {
                for (; Math.min(connection, stream) >= FRAME; connection -= FRAME, stream -= FRAME) {
                    client.frame(RawHttp2.DATA, 0, 1, new byte[FRAME]);
                }
                RawHttp2.Frame update = client.await(RawHttp2.WINDOW_UPDATE);
                int credit = ByteBuffer.wrap(update.payload()).getInt();
                connection += update.stream() == 0 ? credit : 0;
                stream += update.stream() == 0 ? 0 : credit;
            }
        } catch (SocketTimeoutException full) {
            client.socket().setSoTimeout(10_000);
        }
    }

    private static byte[] credit(int bytes) {
        return ByteBuffer.allocate(4).putInt(bytes).array();
    }

    private long gauge(String name) throws Exception {
        return json("/metrics").at("/gauges/portway." + name + "/value").asLong(-1);
    }

    private JsonNode json(String path) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", path, null).body());
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
