package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tunnels on the admin API, and what a reload does to them. */
final class TunnelsAdminTest {

    private static final String ASK = """
            GET / HTTP/1.1\r
            Host: a.test\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            \r
            """;

    private final AtomicInteger ended = new AtomicInteger();

    private Origin origin;
    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        origin = Origin.answering(exchange -> {
            exchange.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            try {
                exchange.in().transferTo(exchange.socket().getOutputStream());
            } finally {
                ended.incrementAndGet();
            }
        });
        proxy = ProxyHarness.withRoutes("[{ \"id\": \"ws\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void listsThoseThatAreOpen() throws Exception {
        Instant before = Instant.now();
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();
            client.send("hello").in().readNBytes(5);

            await().untilAsserted(() ->
                    assertThat(tunnels().get(0).get("bytesOut").asLong()).isEqualTo(5));
            JsonNode tunnel = tunnels().get(0);
            assertThat(tunnel.get("kind").asText()).isEqualTo("websocket");
            assertThat(tunnel.get("route").asText()).isEqualTo("ws");
            assertThat(tunnel.get("backend").asText()).isEqualTo("127.0.0.1:" + origin.port());
            assertThat(tunnel.get("client").asText()).isEqualTo("127.0.0.1");
            assertThat(tunnel.get("bytesIn").asLong()).isEqualTo(5);
            assertThat(Instant.parse(tunnel.get("since").asText())).isBetween(before, Instant.now());
        }
        await().untilAsserted(() -> assertThat(tunnels()).isEmpty());
    }

    @Test
    void showsThemOnThePage() throws Exception {
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();

            assertThat(proxy.admin("GET", "/", null).body()).contains("Tunnels <small>1</small>", ">websocket</td>");
        }
    }

    @Test
    void closesOne() throws Exception {
        try (RawClient closed = proxy.connect();
                RawClient other = proxy.connect()) {
            closed.send(ASK).readHead();
            String id = tunnels().get(0).get("id").asText();
            other.send(ASK).readHead();

            assertThat(proxy.admin("DELETE", "/tunnels/" + id, null).statusCode())
                    .isEqualTo(204);

            assertThat(closed.closed()).isTrue();
            assertThat(other.send("still here").in().readNBytes(10)).asString().isEqualTo("still here");
            assertThat(tunnels()).hasSize(1);
            await().until(() -> ended.get() == 1);
        }
    }

    @Test
    void knowsNoneThatIsNotThere() throws Exception {
        HttpResponse<String> answer = proxy.admin("DELETE", "/tunnels/t99", null);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("tunnel-not-found", "t99");
    }

    @Test
    void leavesThemAloneWhenTheirRouteGoes() throws Exception { // behaviour 95
        try (RawClient client = proxy.connect()) {
            client.send(ASK).readHead();

            assertThat(proxy.admin("DELETE", "/routes/ws", null).statusCode()).isEqualTo(204);

            assertThat(client.send("hello").in().readNBytes(5)).asString().isEqualTo("hello");
            assertThat(tunnels()).hasSize(1);
        }
        await().untilAsserted(() -> assertThat(tunnels()).isEmpty());
    }

    private JsonNode tunnels() throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", "/tunnels", null).body());
    }
}
