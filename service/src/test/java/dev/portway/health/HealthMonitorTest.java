package dev.portway.health;

import static dev.portway.health.Tables.http;
import static dev.portway.health.Tables.only;
import static dev.portway.health.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.portway.config.HealthConfig;
import dev.portway.config.StatusRange;
import dev.portway.routing.RouteTable;
import dev.portway.transport.BackendProbe;
import dev.portway.transport.BackendReach;
import dev.portway.transport.BackendTrust;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Condition;
import dev.portway.upstream.Condition.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthMonitorTest {

    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Dialer dialer = new Dialer();
    private final NameLookup names = new NameLookup(new DnsClient(null));
    private final BackendProbe probe = new BackendProbe(new BackendReach(names, new BackendTrust()));
    private final HealthMonitor monitor = new HealthMonitor(
            dialer,
            probe,
            names,
            InstantSource.system(),
            () -> 0.5,
            new Pace(SOON, SOON, Duration.ofSeconds(5), Duration.ofSeconds(5)));
    private final Tables tables = new Tables();

    @AfterEach
    void stop() throws IOException {
        monitor.stop();
        dialer.stop();
        probe.stop();
        names.stop();
    }

    @Test
    void takesABackendOutAfterAsManyBadAnswersAsFallSays() {
        try (var origin = Listener.answering(200)) {
            Backend backend = start(check(1, 3), origin.port());
            await().until(() -> healthOf(backend) == Health.UP);

            int before = origin.requests();
            origin.answer(503);
            await().until(() -> healthOf(backend) == Health.DOWN);

            assertThat(origin.requests() - before).isGreaterThanOrEqualTo(3);
            assertThat(backend.condition().reason()).isEqualTo("answered 503 (expected: 200-399)");
        }
    }

    @Test
    void bringsABackendBackAfterAsManyGoodAnswersAsRiseSays() {
        try (var origin = Listener.answering(503)) {
            Backend backend = start(check(3, 1), origin.port());
            await().until(() -> healthOf(backend) == Health.DOWN);

            int before = origin.requests();
            origin.answer(201);
            await().until(() -> healthOf(backend) == Health.UP);

            assertThat(origin.requests() - before).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void decidesByTheVeryFirstCheck() {
        try (var origin = Listener.answering(500)) {
            Backend backend = start(new HealthConfig("/", LONG, Duration.ofSeconds(5), 1, 3, range()), origin.port());

            monitor.firstRound().join();

            assertThat(healthOf(backend)).isEqualTo(Health.DOWN);
            assertThat(origin.requests()).isEqualTo(1);
        }
    }

    @Test
    void countsAServerThatAcceptsButNeverAnswersAsBad() {
        try (var origin = Listener.silent()) {
            Backend backend = start(new HealthConfig("/", LONG, Duration.ofMillis(100), 1, 1, range()), origin.port());

            monitor.firstRound().join();

            assertThat(healthOf(backend)).isEqualTo(Health.DOWN);
            assertThat(backend.condition().reason()).isEqualTo("no answer within 100 ms");
        }
    }

    @Test
    void judgesByTheHeadOfAnAnswerWhoseBodyNeverEnds() {
        try (var origin = Listener.saying("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome")) {
            Backend backend = start(new HealthConfig("/", LONG, Duration.ofSeconds(4), 1, 1, range()), origin.port());

            monitor.firstRound().join();

            assertThat(healthOf(backend)).isEqualTo(Health.UP);
        }
    }

    @Test
    void doesNotFollowARedirect() {
        try (var origin = Listener.saying("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n")) {
            Backend backend = start(
                    new HealthConfig("/", LONG, Duration.ofSeconds(4), 1, 1, new StatusRange(200, 299)), origin.port());

            monitor.firstRound().join();

            assertThat(backend.condition().reason()).isEqualTo("answered 302 (expected: 200-299)");
            assertThat(origin.requests()).isEqualTo(1);
        }
    }

    @Test
    void seesThatNothingListensAndThatItListensAgain() {
        int port = Listener.closedPort(Loopback.V4);
        Backend backend = start(check(1, 1), port);
        await().until(() -> healthOf(backend) == Health.DOWN);
        assertThat(backend.condition().reason()).isEqualTo("connection refused");

        try (var origin = Listener.answering(Loopback.V4, port, 200)) {
            await().until(() -> healthOf(backend) == Health.UP);
            assertThat(origin.requests()).isPositive();
        }
    }

    @Test
    void givesTrafficNoSayWhereTheRouteWritesACheck() {
        try (var origin = Listener.answering(503)) {
            Backend backend = start(check(1, 1), origin.port());
            await().until(() -> healthOf(backend) == Health.DOWN);
            Condition before = backend.condition();

            monitor.backendAnswered(Tables.target(backend), null, 200);

            assertThat(backend.condition()).isSameAs(before);
        }
    }

    @Test
    void connectsToALoopbackBackendWithoutACheckButAsksItNothing() {
        try (var origin = Listener.answering(200)) {
            Backend backend = start(null, origin.port());

            await().until(() -> healthOf(backend) == Health.UP);
            await().until(() -> origin.connections() > 2);

            assertThat(origin.requests()).isZero();
        }
    }

    @Test
    void marksALoopbackBackendDownWhileNothingListens() {
        int port = Listener.closedPort(Loopback.V4);
        Backend backend = start(null, port);
        await().until(() -> healthOf(backend) == Health.DOWN);

        try (var origin = Listener.answering(Loopback.V4, port, 200)) {
            await().until(() -> healthOf(backend) == Health.UP);
            assertThat(origin.requests()).isZero();
        }
    }

    @Test
    void findsAServerThatListensOnTheIpv6LoopbackAlone() throws Exception {
        assumeThat(hasIpv6Loopback()).isTrue();
        int port = Listener.closedPort(Loopback.V4);
        try (var origin = Listener.answering(Loopback.V6, port, 200)) {
            RouteTable table = tables.of(
                    route("tcp", http("localhost", port)), route("http", check(1, 1), http("localhost", port)));
            monitor.tableChanged(table);
            monitor.start();

            monitor.firstRound().join();

            assertThat(table.backends()).allMatch(backend -> healthOf(backend) == Health.UP);
            assertThat(origin.requests()).isPositive();
        }
    }

    @Test
    void leavesARemoteBackendAloneUntilTrafficFails() {
        Backend backend = startRemote();

        monitor.firstRound().join();
        assertThat(healthOf(backend)).isEqualTo(Health.UNKNOWN);
        monitor.backendFailed(Tables.target(backend), null, "connection refused", false);

        assertThat(healthOf(backend)).isEqualTo(Health.DOWN);
        assertThat(backend.condition().reason()).isEqualTo("connection refused");
    }

    @Test
    void bringsABackendUpAtOnceWhenItAnswers() {
        Backend backend = startRemote();
        monitor.backendFailed(Tables.target(backend), null, "connection refused", false);

        monitor.backendAnswered(Tables.target(backend), null, 200);

        assertThat(healthOf(backend)).isEqualTo(Health.UP);
    }

    @Test
    void bringsARemoteBackendBackWithoutTraffic() throws Exception {
        InetAddress address = addressOfThisMachineThatIsNotLoopback();
        try (var origin = Listener.answering(address, 0, 200)) {
            RouteTable table = tables.of(route("far", http(address.getHostAddress(), origin.port())));
            monitor.tableChanged(table);
            monitor.start();
            monitor.backendFailed(Tables.target(only(table)), null, "connection reset", false);

            await().until(() -> healthOf(only(table)) == Health.UP);
        }
    }

    @Test
    void changesNothingWhileTrafficSaysWhatIsKnown() {
        Backend backend = startRemote();
        monitor.backendAnswered(Tables.target(backend), null, 200);
        Condition first = backend.condition();

        monitor.backendAnswered(Tables.target(backend), null, 200);

        assertThat(backend.condition()).isSameAs(first);
    }

    @Test
    void looksAtANewBackendAtOnceAndLeavesTheOthersTheirState() {
        HealthConfig slow = new HealthConfig("/", LONG, Duration.ofSeconds(5), 1, 1, range());
        try (var first = Listener.answering(200);
                var second = Listener.answering(200)) {
            Backend kept = only(monitored(tables.of(route("a", slow, http("127.0.0.1", first.port())))));
            await().until(() -> healthOf(kept) == Health.UP);
            Condition before = kept.condition();

            RouteTable next = tables.of(
                    route("a", slow, http("127.0.0.1", first.port())),
                    route("b", slow, http("127.0.0.1", second.port())));
            monitor.tableChanged(next);

            await().until(() -> next.backends().stream().allMatch(backend -> healthOf(backend) == Health.UP));
            assertThat(kept.condition()).isSameAs(before);
            assertThat(first.requests()).isEqualTo(1);
        }
    }

    @Test
    void looksNoMoreAtABackendThatIsGone() {
        try (var first = Listener.answering(200);
                var second = Listener.answering(200)) {
            Backend gone = only(monitored(tables.of(route("a", check(1, 1), http("127.0.0.1", first.port())))));
            await().until(() -> healthOf(gone) == Health.UP);

            monitor.tableChanged(tables.of(route("b", check(1, 1), http("127.0.0.1", second.port()))));
            int after = first.requests();
            int others = second.requests();
            await().until(() -> second.requests() > others + 5);

            assertThat(first.requests()).isLessThanOrEqualTo(after + 1); // one may have been on its way
        }
    }

    @Test
    void endsTheFirstRoundInABoundedTimeWhateverHangs() throws IOException {
        HealthMonitor impatient = new HealthMonitor(
                dialer,
                probe,
                names,
                InstantSource.system(),
                () -> 0.5,
                new Pace(LONG, LONG, LONG, Duration.ofMillis(50)));
        try (var origin = Listener.silent()) {
            HealthConfig patient = new HealthConfig("/", LONG, LONG, 1, 1, range());
            RouteTable table = tables.of(route("a", patient, http("127.0.0.1", origin.port())));
            impatient.tableChanged(table);

            impatient.start();
            impatient.firstRound().join();

            assertThat(healthOf(only(table))).isEqualTo(Health.UNKNOWN);
        } finally {
            impatient.stop();
        }
    }

    @Test
    void endsTheFirstRoundAtOnceWhereThereIsNothingToLookAt() {
        monitor.tableChanged(tables.of());

        monitor.start();

        assertThat(monitor.firstRound()).isDone();
    }

    private Backend start(@Nullable HealthConfig health, int port) {
        return only(monitored(tables.of(route("web", health, http("127.0.0.1", port)))));
    }

    /** A backend of a network that exists in documents alone (RFC 5737). */
    private Backend startRemote() {
        return only(monitored(tables.of(route("far", http("203.0.113.7", 80)))));
    }

    private RouteTable monitored(RouteTable table) {
        monitor.tableChanged(table);
        monitor.start();
        return table;
    }

    private static HealthConfig check(int rise, int fall) {
        return new HealthConfig("/health", SOON, Duration.ofSeconds(5), rise, fall, range());
    }

    private static StatusRange range() {
        return new StatusRange(200, 399);
    }

    private static Health healthOf(Backend backend) {
        return backend.condition().health();
    }

    private static boolean hasIpv6Loopback() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(Loopback.V6::equals);
    }

    private static InetAddress addressOfThisMachineThatIsNotLoopback() throws SocketException {
        var address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(candidate -> candidate instanceof java.net.Inet4Address && !candidate.isLoopbackAddress())
                .findFirst();
        assumeThat(address).isPresent();
        return address.orElseThrow();
    }
}
