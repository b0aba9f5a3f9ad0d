package dev.portway.health;

import static dev.portway.health.Tables.http;
import static dev.portway.health.Tables.only;
import static dev.portway.health.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.config.HealthConfig;
import dev.portway.config.StatusRange;
import dev.portway.routing.RouteTable;
import dev.portway.transport.BackendProbe;
import dev.portway.transport.BackendReach;
import dev.portway.transport.BackendTrust;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Condition.Health;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a check asks, and what it makes of the answer (behaviour 76). */
class ActiveCheckTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofMillis(20);

    private final Dialer dialer = new Dialer();
    private final NameLookup names = new NameLookup(new DnsClient(null));
    private final BackendProbe probe = new BackendProbe(new BackendReach(names, new BackendTrust()));
    private final HealthMonitor monitor = new HealthMonitor(
            dialer,
            probe,
            names,
            InstantSource.system(),
            () -> 0.5,
            new Pace(LONG, SOON, Duration.ofSeconds(5), Duration.ofSeconds(30)));
    private final Tables tables = new Tables();

    @AfterEach
    void stop() throws IOException {
        monitor.stop();
        dialer.stop();
        probe.stop();
        names.stop();
    }

    @Test
    void asksWithTheMethodThePathAndTheHeadersOfTheRoute() {
        try (var origin = Listener.saying("HTTP/1.1 204 No Content\r\n\r\n")) {
            Backend backend = look(
                    asking("HEAD", "/up?deep=1", Map.of("X-Check", "yes", "Host", "app.test"), 0, null), origin.port());

            assertThat(healthOf(backend)).isEqualTo(Health.UP);
            assertThat(origin.lastHead())
                    .startsWith("HEAD /up?deep=1 HTTP/1.1\r\n")
                    .contains("\r\nX-Check: yes\r\n", "\r\nHost: app.test\r\n", "\r\nConnection: close\r\n")
                    .doesNotContain("127.0.0.1");
        }
    }

    @Test
    void asksAnotherPortThanTheOneOfTheRequests() {
        try (var management = Listener.answering(200);
                var origin = Listener.answering(500)) {
            Backend backend = look(asking("GET", "/", Map.of(), management.port(), null), origin.port());

            assertThat(healthOf(backend)).isEqualTo(Health.UP);
            assertThat(origin.connections()).isZero();
            assertThat(management.lastHead()).contains("Host: 127.0.0.1:" + management.port());
        }
    }

    @Test
    void findsTheExpectedTextInTheBody() {
        String body = "x".repeat(40_000) + "\u00c3\u00bcber";
        try (var origin = Listener.saying("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)) {
            assertThat(healthOf(look(asking("GET", "/", Map.of(), 0, "\u00fcber"), origin.port())))
                    .isEqualTo(Health.UP);
        }
    }

    @Test
    void takesOutWhatAnswersWithoutTheExpectedBody() {
        try (var origin = Listener.answering(200)) {
            Backend backend = look(asking("GET", "/", Map.of(), 0, "ready"), origin.port());

            assertThat(healthOf(backend)).isEqualTo(Health.DOWN);
            assertThat(backend.condition().reason()).isEqualTo("answered 200 without the expected body");
        }
    }

    @Test
    void saysInWordsThatTheConnectionEnded() {
        try (var origin = Listener.hangingUp()) {
            Backend backend = look(asking("GET", "/", Map.of(), 0, null), origin.port());

            assertThat(backend.condition().reason()).isEqualTo("closed the connection without an answer");
        }
    }

    @Test
    void looksNoFurtherThanTheBeginOfALongBody() {
        String body = "x".repeat(200_000) + "ready";
        try (var origin = Listener.saying("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)) {
            assertThat(healthOf(look(asking("GET", "/", Map.of(), 0, "ready"), origin.port())))
                    .isEqualTo(Health.DOWN);
        }
    }

    @Test
    void isContentWithAConnectionWhereTheRouteSaysTcp() {
        try (var origin = Listener.silent()) {
            Backend backend = look(tcp(0), origin.port());

            assertThat(healthOf(backend)).isEqualTo(Health.UP);
            assertThat(backend.condition().reason()).isEqualTo("accepts connections");
            assertThat(origin.requests()).isZero();
        }
    }

    @Test
    void givesTrafficNoSayWhereTheRouteSaysTcp() {
        Backend backend = look(tcp(0), Listener.closedPort(Loopback.V4));
        assertThat(healthOf(backend)).isEqualTo(Health.DOWN);

        monitor.backendAnswered(Tables.target(backend), null, 200);

        assertThat(healthOf(backend)).isEqualTo(Health.DOWN);
    }

    @Test
    void connectsToAnotherPortWhereTheRouteSaysSo() {
        try (var management = Listener.silent()) {
            assertThat(healthOf(look(tcp(management.port()), Listener.closedPort(Loopback.V4))))
                    .isEqualTo(Health.UP);
        }
    }

    @Test
    void checksOneAddressWithTwoChecksApart() {
        try (var origin = Listener.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            RouteTable table = tables.of(
                    route("a", asking("GET", "/", Map.of(), 0, "hi"), http("127.0.0.1", origin.port())),
                    route("b", asking("GET", "/", Map.of(), 0, "ho"), http("127.0.0.1", origin.port())));
            monitor.tableChanged(table);
            monitor.start();
            monitor.firstRound().join();

            assertThat(table.backends())
                    .extracting(backend -> backend.condition().health())
                    .containsExactly(Health.UP, Health.DOWN);
        }
    }

    @Test
    void asksForThePathThatWasSetAtRunTime() {
        try (var origin = Listener.answering(200)) {
            HealthConfig often = new HealthConfig("/", SOON, Duration.ofSeconds(5), 1, 1, new StatusRange(200, 399));
            Backend backend = look(often, origin.port());

            backend.checkPath("/other");
            await().until(() -> origin.lastHead().startsWith("GET /other "));
            backend.checkPath(null);
            await().until(() -> origin.lastHead().startsWith("GET / "));
        }
    }

    @Test
    void takesTheTimeOfAGoodAnswerForTheLatencyWhileThereIsNoTraffic() {
        try (var origin = Listener.answering(200)) {
            Backend backend = look(asking("HEAD", "/", Map.of(), 0, null), origin.port());

            assertThat(backend.latency().averageNanos()).isPositive();
        }
    }

    @Test
    void leavesTheLatencyToTheTrafficWhereThereIsSome() {
        try (var origin = Listener.answering(200)) {
            RouteTable table =
                    tables.of(route("a", asking("HEAD", "/", Map.of(), 0, null), http("127.0.0.1", origin.port())));
            Backend backend = only(table);
            table.routes().get(0).upstream().targets().get(0).begin(1);
            monitor.tableChanged(table);
            monitor.start();
            monitor.firstRound().join();

            assertThat(healthOf(backend)).isEqualTo(Health.UP);
            assertThat(backend.latency().averageNanos()).isZero();
        }
    }

    /** The backend of this port, looked at once. */
    private Backend look(HealthConfig check, int port) {
        RouteTable table = tables.of(route("web", check, http("127.0.0.1", port)));
        monitor.tableChanged(table);
        monitor.start();
        monitor.firstRound().join();
        return only(table);
    }

    private static HealthConfig asking(
            String method, String path, Map<String, String> headers, int port, @Nullable String body) {
        return new HealthConfig(
                false,
                method,
                path,
                headers,
                port,
                new StatusRange(200, 299),
                body,
                LONG,
                Duration.ofSeconds(20),
                1,
                1);
    }

    private static HealthConfig tcp(int port) {
        return new HealthConfig(
                true, "GET", "/", Map.of(), port, new StatusRange(200, 399), null, LONG, Duration.ofSeconds(20), 1, 1);
    }

    private static Health healthOf(Backend backend) {
        return backend.condition().health();
    }
}
