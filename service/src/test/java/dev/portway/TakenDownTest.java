package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that is set down lets requests finish and ends what lasts, which draining leaves alone (decision 125). */
final class TakenDownTest {

    private static final String UPGRADE =
            "GET /tunnel HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String STREAM = "GET /events HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String SLOW = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";

    private final CountDownLatch end = new CountDownLatch(1);
    private final List<RawClient> clients = new ArrayList<>();

    private Origin one;
    private Origin other;
    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        one = Origin.answering(this::answer);
        other = Origin.answering(this::answer);
        proxy = ProxyHarness.withRoutes("[ %s, %s, %s ]"
                .formatted(route("one", one, "up"), route("twin", one, "up"), route("other", other, "up")));
    }

    @AfterEach
    void stop() throws Exception {
        end.countDown();
        for (RawClient client : clients) {
            client.close();
        }
        proxy.close();
        one.close();
        other.close();
    }

    @Test
    void endsWhatLastsThereAndNothingElse() throws Exception {
        RawClient tunnel = tunnel("one");
        RawClient events = events("one");
        RawClient slow = asking("one", SLOW);
        RawClient otherTunnel = tunnel("other");
        RawClient otherEvents = events("other");

        set("down");

        assertThat(tunnel.rest()).isEmpty();
        assertThat(events.closed()).isTrue();
        assertThat(otherTunnel.send("here").in().readNBytes(4)).asString().isEqualTo("here");
        assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: one\r\n\r\n").status()).isEqualTo(503);
        end.countDown();
        assertThat(slow.read().text()).isEqualTo("slow");
        assertThat(otherEvents.line()).isNotNull();
        await().until(() -> backend().path("inFlight").asInt() == 0);
        assertThat(backend().path("failures").asInt()).isZero();
    }

    @Test
    void endsWhatBeginsAboutThen() throws Exception {
        RawClient late = asking("one", "GET /late HTTP/1.1\r\nHost: h\r\n\r\n");

        set("down");
        end.countDown();

        assertThat(late.readHead().status()).isEqualTo(200);
        assertThat(late.closed()).isTrue();
    }

    @Test
    void endsWhatLastsByTheRouteThatSetsItDown() throws Exception {
        RawClient tunnel = tunnel("one");
        RawClient events = events("one");
        RawClient elsewhere = tunnel("twin"); // another route to the same backend

        route("down");

        assertThat(tunnel.rest()).isEmpty();
        assertThat(events.closed()).isTrue();
        assertThat(elsewhere.send("here").in().readNBytes(4)).asString().isEqualTo("here");
    }

    @Test
    void leavesWhatHasAnotherWayThere() throws Exception {
        RawClient tunnel = tunnel("one");

        assertThat(proxy.admin("PUT", "/routes/one", """
                        { "id": "one", "host": "one", "targets": [
                          { "url": "%1$s/v1", "state": "down" }, { "url": "%1$s/v2" } ] }
                        """.formatted(one.url())).statusCode())
                .isEqualTo(200);

        assertThat(tunnel.send("here").in().readNBytes(4)).asString().isEqualTo("here");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesItAloneWhereTheBackendIsDrained(boolean byConfiguration) throws Exception {
        RawClient tunnel = tunnel("one");
        RawClient events = events("one");

        if (byConfiguration) {
            route("drain");
        } else {
            set("drain");
        }

        assertThat(tunnel.send("here").in().readNBytes(4)).asString().isEqualTo("here");
        end.countDown();
        assertThat(events.line()).isNotNull();
    }

    private RawClient tunnel(String host) throws Exception {
        RawClient client = asking(host, UPGRADE);
        assertThat(client.readHead().status()).isEqualTo(101);
        return client;
    }

    private RawClient events(String host) throws Exception {
        RawClient client = asking(host, STREAM);
        assertThat(client.readHead().status()).isEqualTo(200);
        return client;
    }

    /** Returns when the backend has it. */
    private RawClient asking(String host, String request) throws Exception {
        RawClient client = proxy.connect();
        clients.add(client);
        client.send(request.replace("Host: h", "Host: " + host));
        Origin asked = host.equals("other") ? other : one;
        asked.take();
        return client;
    }

    private void set(String state) throws Exception {
        assertThat(proxy.admin("PATCH", backendPath(), "{ \"state\": \"" + state + "\" }")
                        .statusCode())
                .isEqualTo(200);
    }

    private void route(String state) throws Exception {
        assertThat(proxy.admin("PUT", "/routes/one", route("one", one, state)).statusCode())
                .isEqualTo(200);
    }

    private JsonNode backend() throws Exception {
        return new ObjectMapper()
                .readTree(proxy.admin("GET", backendPath(), null).body());
    }

    private String backendPath() {
        return "/backends/127.0.0.1:" + one.port();
    }

    private static String route(String id, Origin origin, String state) {
        return "{ \"id\": \"%s\", \"host\": \"%s\", \"targets\": [ { \"url\": \"%s\", \"state\": \"%s\" } ] }"
                .formatted(id, id, origin.url(), state);
    }

    private void answer(Origin.Exchange exchange) throws IOException {
        switch (exchange.request().target()) {
            case "/tunnel" -> {
                exchange.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                exchange.in().transferTo(exchange.socket().getOutputStream());
            }
            case "/events" -> {
                exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n");
                awaitEnd();
                exchange.write("data: 2\n");
            }
            case "/late" -> {
                awaitEnd();
                exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                exchange.in().read();
            }
            case "/slow" -> {
                awaitEnd();
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
            }
            default -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    }

    private void awaitEnd() throws IOException {
        try {
            assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
