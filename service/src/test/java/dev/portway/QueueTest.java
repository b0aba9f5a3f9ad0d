package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that wait for a place at a backend that is full, through the whole proxy (behaviour 77). */
final class QueueTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    /** One answer of the origin for each permit. */
    private final Semaphore answers = new Semaphore(0);

    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private Origin origin;

    @BeforeEach
    void start() {
        origin = Origin.answering(exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            String text = exchange.request().target() + " " + exchange.readBody().length;
            if (!text.startsWith("/leaving")) { // which may come late, and would take what another waits for
                Held.until(answers);
            }
            now.decrementAndGet();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
        });
    }

    @AfterEach
    void stop() {
        answers.release(10_000);
        origin.close();
    }

    @Test
    void letsGoInTheOrderInWhichTheyCame() throws Exception {
        try (ProxyHarness proxy = queue(1, "'requests': 10, 'wait': '20s'")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(proxy.connect().send(get("/" + i)));
                if (i == 0) {
                    origin.take();
                } else {
                    awaitQueued(proxy, i);
                }
            }
            for (int i = 0; i < 8; i++) {
                answers.release();
                assertThat(clients.get(i).read().text()).isEqualTo("/" + i + " 0");
                clients.get(i).close();
                if (i < 7) {
                    assertThat(origin.take().target()).isEqualTo("/" + (i + 1));
                }
            }
            awaitQueued(proxy, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void servesAHundredClientsWithNeverMoreThanTwoAtTheBackend(int loops) throws Exception {
        answers.release(1_000);
        try (ProxyHarness proxy = ProxyHarness.with(
                "\"limits\": { \"eventLoops\": " + loops + " }", routes(2, "'requests': 100, 'wait': '30s'"))) {
            List<Background> clients = new ArrayList<>();
            AtomicInteger served = new AtomicInteger();
            for (int i = 0; i < 100; i++) {
                clients.add(Background.run(() -> {
                    try (RawClient client = proxy.connect()) {
                        for (int n = 0; n < 5; n++) {
                            assertThat(client.send(GET).read().status()).isEqualTo(200);
                            served.incrementAndGet();
                        }
                    }
                }));
            }
            for (Background client : clients) {
                client.join();
            }

            assertThat(served).hasValue(500);
            assertThat(most.get()).isLessThanOrEqualTo(2);
            awaitQueued(proxy, 0);
        }
    }

    @Test
    void refusesThoseBeyondItsLength() throws Exception {
        try (ProxyHarness proxy = queue(1, "'requests': 1, 'wait': '20s'");
                RawClient served = proxy.connect();
                RawClient waiting = proxy.connect()) {
            fill(proxy, served, waiting);

            RawClient.Response refused = proxy.raw(GET);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("Retry-After")).isEqualTo("1");
            assertThat(refused.field("Proxy-Status")).isEqualTo("portway; error=connection_limit_reached");
            answers.release(2);
            assertThat(served.read().status()).isEqualTo(200);
            assertThat(waiting.read().status()).isEqualTo(200);
        }
    }

    @Test
    void refusesThoseThatHaveWaitedForTooLong() throws Exception {
        try (ProxyHarness proxy = queue(1, "'wait': '200ms'");
                RawClient served = proxy.connect()) {
            served.send(GET);
            origin.take();

            RawClient.Response refused = proxy.raw(GET);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text()).contains("1 requests to");
            answers.release();
            assertThat(served.read().status()).isEqualTo(200);
            answers.release();
            assertThat(proxy.raw(GET).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET,
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 30\r\n\r\nabc"
            })
    void givesThePlaceOfAClientThatLeavesToTheNext(String request) throws Exception {
        try (ProxyHarness proxy = queue(1, "'wait': '20s'");
                RawClient served = proxy.connect();
                RawClient next = proxy.connect()) {
            served.send(GET);
            origin.take();
            try (RawClient leaving = proxy.connect()) {
                leaving.send(request);
                awaitQueued(proxy, 1);
                next.send(get("/next"));
                awaitQueued(proxy, 2);
            }
            awaitQueued(proxy, 1);

            answers.release(2);

            assertThat(served.read().status()).isEqualTo(200);
            assertThat(next.read().text()).isEqualTo("/next 0");
            assertThat(origin.untaken()).hasSize(1);
        }
    }

    /** Each round one leaves at the moment at which the place is given back; if that were lost, the next would wait in vain. */
    @Test
    void losesNoPlaceToAClientThatLeavesAsItIsFreed() throws Exception {
        try (ProxyHarness proxy = queue(1, "'wait': '10s'")) {
            for (int round = 0; round < 60; round++) {
                origin.forget();
                try (RawClient served = proxy.connect();
                        RawClient leaving = proxy.connect();
                        RawClient next = proxy.connect()) {
                    served.send(GET);
                    takeRequestFor("/"); // behind one that left in the last round and comes late
                    leaving.send(get("/leaving"));
                    awaitQueued(proxy, 1);
                    next.send(get("/next"));
                    awaitQueued(proxy, 2);

                    Background leave = Background.run(leaving::close);
                    answers.release(2);
                    leave.join();

                    assertThat(served.read().status()).isEqualTo(200);
                    assertThat(next.read().text()).isEqualTo("/next 0");
                    await().until(() -> now.get() == 0);
                    answers.drainPermits();
                }
            }
            awaitQueued(proxy, 0);
            assertThat(most.get())
                    .isLessThanOrEqualTo(2); // what is broken off may still be at work when the next comes
        }
    }

    @Test
    void sendsABodyThatHasWaited() throws Exception {
        try (ProxyHarness proxy = queue(1, "'wait': '20s'");
                RawClient served = proxy.connect();
                RawClient waiting = proxy.connect()) {
            served.send(GET);
            origin.take();
            Background upload = Background.run(() -> waiting.send(
                    "PUT /up HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1_000_000)));
            awaitQueued(proxy, 1);

            answers.release(2);

            assertThat(served.read().status()).isEqualTo(200);
            assertThat(waiting.read().text()).isEqualTo("/up 1000000");
            upload.join();
        }
    }

    @Test
    void letsGoWhenMoreRequestsMayBeSentInANewSpan() throws Exception {
        answers.release(10);
        try (ProxyHarness proxy = ProxyHarness.withRoutes(("[ { 'id': 'queued', 'targets': [{ 'url': '" + origin.url()
                        + "', 'maxRequests': { 'requests': 1, 'per': '300ms' } }], 'queue': true } ]")
                .replace('\'', '"'))) {
            for (int i = 0; i < 3; i++) {
                assertThat(proxy.raw(GET).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void goesToATargetThatIsSetUpMeanwhile() throws Exception {
        try (Origin other = Origin.replying(200, "other");
                ProxyHarness proxy =
                        ProxyHarness.withRoutes(("[ { 'id': 'queued', 'targets': [{ 'url': '" + origin.url()
                                        + "', 'maxConcurrent': 1 }, { 'url': '" + other.url()
                                        + "', 'state': 'drain' }], 'queue': { 'wait': '20s' } } ]")
                                .replace('\'', '"'));
                RawClient served = proxy.connect();
                RawClient waiting = proxy.connect()) {
            fill(proxy, served, waiting);

            assertThat(proxy.admin("PATCH", "/backends/127.0.0.1:" + other.port(), "{ \"state\": \"up\" }")
                            .statusCode())
                    .isEqualTo(200);

            assertThat(waiting.read().text()).isEqualTo("other");
            answers.release();
            assertThat(served.read().status()).isEqualTo(200);
        }
    }

    @Test
    void goesToATargetThatIsAddedMeanwhile() throws Exception {
        try (Origin other = Origin.replying(200, "other");
                ProxyHarness proxy = queue(1, "'requests': 10, 'wait': '20s'");
                RawClient served = proxy.connect();
                RawClient waiting = proxy.connect()) {
            fill(proxy, served, waiting);

            edit(proxy, "'targets': [{ 'url': '%s', 'maxConcurrent': 1 }, '%s']".formatted(origin.url(), other.url()));

            assertThat(waiting.read().text()).isEqualTo("other");
            awaitQueued(proxy, 0);
            answers.release();
            assertThat(served.read().status()).isEqualTo(200);
        }
    }

    @Test
    void goesToNoTargetThatIsDrainedMeanwhile() throws Exception {
        try (Origin other = Origin.replying(200, "other");
                ProxyHarness proxy = queue(1, "'requests': 10, 'wait': '20s'");
                RawClient served = proxy.connect();
                RawClient waiting = proxy.connect()) {
            fill(proxy, served, waiting);

            edit(proxy, "'targets': [{ 'url': '%s', 'state': 'drain' }]".formatted(origin.url()));
            answers.release();
            assertThat(served.read().status()).isEqualTo(200);
            edit(proxy, "'targets': [{ 'url': '%s', 'state': 'drain' }, '%s']".formatted(origin.url(), other.url()));

            assertThat(waiting.read().text()).isEqualTo("other");
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void staysWithItsTargetsWhereTheRouteTreatsRequestsOtherwiseNow() throws Exception {
        try (Origin other = Origin.replying(200, "other");
                ProxyHarness proxy =
                        ProxyHarness.withRoutes(("[ { 'id': 'queued', 'targets': [{ 'url': '" + origin.url()
                                        + "', 'maxConcurrent': 1 }], 'queue': true, 'request': { 'headers': { 'set': { 'X-Key': 'k' } } } } ]")
                                .replace('\'', '"'));
                RawClient served = proxy.connect();
                RawClient waiting = proxy.connect()) {
            served.send(GET);
            origin.take();
            waiting.send(get("/waited"));
            awaitQueued(proxy, 1);

            edit(proxy, "'request': null");
            edit(proxy, "'targets': ['" + other.url() + "']");
            assertThat(proxy.raw(GET).text()).isEqualTo("other");
            other.take();
            answers.release(2);

            assertThat(served.read().status()).isEqualTo(200);
            assertThat(waiting.read().text()).isEqualTo("/waited 0");
            assertThat(origin.take().field("X-Key")).isEqualTo("k");
            assertThat(other.untaken()).isEmpty();
        }
    }

    @Test
    void knowsThatAllAreTakenOutThoughSomebodyWaits() throws Exception {
        try (ProxyHarness proxy = queue(1, "'requests': 10, 'wait': '20s'");
                RawClient served = proxy.connect();
                RawClient waiting = proxy.connect()) {
            fill(proxy, served, waiting);

            edit(proxy, "'targets': [{ 'url': '%s', 'state': 'drain' }]".formatted(origin.url()));

            assertThat(proxy.raw(GET).text()).contains("drained or set down");
            answers.release();
            assertThat(served.read().status()).isEqualTo(200);
        }
    }

    private static void edit(ProxyHarness proxy, String members) throws Exception {
        assertThat(proxy.admin(
                                "PATCH",
                                "/routes/queued",
                                "{ %s }".formatted(members).replace('\'', '"'))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void servesThoseOfAnHttp2ConnectionInTurn() throws Exception {
        answers.release(100);
        try (ProxyHarness proxy = queue(1, "'requests': 100, 'wait': '20s'");
                Http2Client client = Http2Client.to(proxy.proxy())) {
            CountDownLatch done = new CountDownLatch(50);
            AtomicInteger good = new AtomicInteger();
            for (int i = 0; i < 50; i++) {
                client.request("/").send(result -> {
                    if (result.isSucceeded() && result.getResponse().getStatus() == 200) {
                        good.incrementAndGet();
                    }
                    done.countDown();
                });
            }

            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(good).hasValue(50);
            assertThat(most).hasValue(1);
        }
    }

    private ProxyHarness queue(int maxConcurrent, String queue) {
        return ProxyHarness.withRoutes(routes(maxConcurrent, queue));
    }

    private String routes(int maxConcurrent, String queue) {
        return ("[ { 'id': 'queued', 'targets': [{ 'url': '" + origin.url() + "', 'maxConcurrent': " + maxConcurrent
                        + " }], 'queue': { " + queue + " } } ]")
                .replace('\'', '"');
    }

    /** The place is taken by {@code served}, and {@code waiting} waits for it. */
    private void fill(ProxyHarness proxy, RawClient served, RawClient waiting) throws Exception {
        served.send(GET);
        origin.take();
        waiting.send(GET);
        awaitQueued(proxy, 1);
    }

    private void takeRequestFor(String target) throws Exception {
        while (!origin.take().target().equals(target)) {
            // another's
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    private static void awaitQueued(ProxyHarness proxy, int count) {
        await().untilAsserted(() -> assertThat(
                        proxy.admin("GET", "/prometheus", null).body().lines())
                .contains("portway_requests_queued " + count + ".0"));
    }
}
