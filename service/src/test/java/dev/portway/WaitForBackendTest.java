package dev.portway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are held while nothing listens at their backend, through the whole proxy. */
final class WaitForBackendTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String NAVIGATION = """
            GET /page?a=<b> HTTP/1.1\r
            Host: h\r
            Accept: text/html,*/*;q=0.8\r
            Sec-Fetch-Mode: navigate\r
            \r
            """;

    private AbsentPort absent;
    private int port;
    private @Nullable Origin back; // null until it comes back

    @BeforeEach
    void takeAPort() throws IOException {
        absent = AbsentPort.take();
        port = absent.number();
    }

    @AfterEach
    void stop() throws IOException {
        absent.close();
        if (back != null) {
            back.close();
        }
    }

    @Test
    void letsARequestGoTheMomentSomethingListens() throws Exception {
        try (ProxyHarness proxy = waiting("'20s'");
                RawClient client = proxy.connect()) {
            client.send(GET);
            awaitHeld(proxy, 1);

            listen();

            assertThat(client.read().text()).isEqualTo("back 0");
            awaitHeld(proxy, 0);
            assertThat(client.send(GET).read().text()).isEqualTo("back 0");
        }
    }

    @Test
    void letsItGoToATargetThatIsPutRightMeanwhile() throws Exception {
        try (Origin right = Origin.replying(200, "right");
                ProxyHarness proxy = waiting("'20s'");
                RawClient client = proxy.connect()) {
            client.send(GET);
            awaitHeld(proxy, 1);

            assertThat(proxy.admin("PATCH", "/routes/held", "{ \"target\": \"" + right.url() + "\" }")
                            .statusCode())
                    .isEqualTo(200);

            assertThat(client.read().text()).isEqualTo("right");
            awaitHeld(proxy, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5_000, 65_536, 3_000_000})
    void sendsABodyThatWasHeldWhole(int length) throws Exception {
        try (ProxyHarness proxy = waiting("'20s'");
                RawClient client = proxy.connect()) {
            byte[] body = body(length);
            Background upload = Background.run(
                    () -> client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n")
                            .send(body));
            awaitHeld(proxy, 1);

            listen();

            assertThat(client.read().text()).isEqualTo("back " + length);
            assertThat(requireNonNull(back).take().body()).isEqualTo(body);
            upload.join();
        }
    }

    @Test
    void sendsABodyThatComesInPiecesWithItsTrailers() throws Exception {
        try (ProxyHarness proxy = waiting("'20s'");
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n");
            awaitHeld(proxy, 1);
            client.send("3\r\ndef\r\n0\r\nX-T: t\r\n\r\n");

            listen();

            assertThat(client.read().text()).isEqualTo("back 6");
            Origin.Received received = requireNonNull(back).take();
            assertThat(received.bodyText()).isEqualTo("abcdef");
            assertThat(received.trailers()).contains("X-T: t");
        }
    }

    @Test
    void sendsABodyThatWaitsForTheBackendsConsent() throws Exception {
        try (ProxyHarness proxy = waiting("'20s'");
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            awaitHeld(proxy, 1);
            back = Origin.on("127.0.0.1", port, exchange -> {
                exchange.write("HTTP/1.1 100 Continue\r\n\r\n");
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
                exchange.write(exchange.readBody());
            });

            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("abc").read().text()).isEqualTo("abc");
        }
    }

    @Test
    void answers413ToABodyThatGetsTooLargeWhileItIsHeld() throws Exception {
        String route =
                "[{ 'id': 'a', 'target': " + port + ", 'waitForBackend': '20s', 'filter': { 'maxBody': '5B' } }]";
        try (ProxyHarness proxy = ProxyHarness.withRoutes(route.replace('\'', '"'));
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
            awaitHeld(proxy, 1);

            client.send("1\r\n6\r\n0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
            awaitHeld(proxy, 0);
        }
    }

    @Test
    void holdsSeveralAndLetsThemAllGo() throws Exception {
        try (ProxyHarness proxy = waiting("'20s'")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                clients.add(proxy.connect().send(GET));
            }
            awaitHeld(proxy, 50);
            listen();

            for (RawClient client : clients) {
                assertThat(client.read().text()).isEqualTo("back 0");
                client.close();
            }
        }
    }

    @Test
    void letsGoNoMoreThanTheTargetTakesAtOnce() throws Exception {
        Busyness busyness = new Busyness();
        try (ProxyHarness proxy = route("'targets': [{ 'url': 'URL', 'maxConcurrent': 3 }], 'waitForBackend': '20s'")) {
            List<RawClient> clients = new ArrayList<>();
            clients.add(proxy.connect().send(GET));
            awaitHeld(proxy, 1);
            for (int i = 1; i < 30; i++) {
                clients.add(proxy.connect().send(GET));
            }
            awaitHeld(proxy, 30);
            back = Origin.on("127.0.0.1", port, busyness::answer);

            for (RawClient client : clients) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }
            assertThat(busyness.most.get()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void answersAsEverWhenTheTimeIsUp() throws Exception {
        try (ProxyHarness proxy = waiting("'300ms'")) {
            RawClient.Response response = proxy.raw(GET);

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=connection_refused");
            awaitHeld(proxy, 0);
        }
    }

    @Test
    void holdsNoLongerThanTheRequestMayTake() throws Exception {
        try (ProxyHarness proxy =
                route("'target': 'URL', 'waitForBackend': '1h', 'timeouts': { 'request': '300ms' }")) {
            assertThat(proxy.raw(GET).status()).isEqualTo(502);
        }
    }

    @Test
    void holdsNothingWhereTheRouteDoesNotSaySo() throws Exception {
        try (ProxyHarness proxy = waiting("'none'")) {
            assertThat(proxy.raw(GET).status()).isEqualTo(502);
            assertThat(proxy.raw(NAVIGATION).status()).isEqualTo(502);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET,
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 30\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
            })
    void freesThePlaceOfAClientThatLeaves(String request) throws Exception {
        try (ProxyHarness proxy = waiting("'1h'")) {
            try (RawClient client = proxy.connect()) {
                client.send(request);
                awaitHeld(proxy, 1);
            }

            awaitHeld(proxy, 0);
            listen();
            assertThat(proxy.raw(GET).text()).isEqualTo("back 0");
            assertThat(requireNonNull(back).untaken()).hasSize(1);
        }
    }

    @Test
    void holdsNoMoreRequestsThanItMay() throws Exception {
        try (ProxyHarness proxy = limited("'heldRequests': 2");
                RawClient one = proxy.connect();
                RawClient two = proxy.connect()) {
            one.send(GET);
            two.send(GET);
            awaitHeld(proxy, 2);

            RawClient.Response refused = proxy.raw(GET);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("Retry-After")).isEqualTo("1");
            assertThat(refused.text()).contains("limits.heldRequests");
            listen();
            assertThat(one.read().status()).isEqualTo(200);
            assertThat(two.read().status()).isEqualTo(200);
        }
    }

    @Test
    void keepsNoMoreOfBodiesThanItMayAndLeavesTheRestWithTheClients() throws Exception {
        int length = 3_000_000;
        try (ProxyHarness proxy = limited("'heldBytes': '1KiB'")) {
            List<RawClient> clients = new ArrayList<>();
            List<Background> uploads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                RawClient client = proxy.connect();
                clients.add(client);
                uploads.add(Background.run(
                        () -> client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n")
                                .send(body(length))));
            }
            awaitHeld(proxy, 4);
            listen();

            for (int i = 0; i < 4; i++) {
                assertThat(clients.get(i).read().text()).isEqualTo("back " + length);
                uploads.get(i).join();
                clients.get(i).close();
            }
        }
    }

    @Test
    void keepsNothingOfABodyBeyondWhatAllMayKeepTogether() throws Exception {
        try (ProxyHarness proxy = limited("'heldBytes': '1KiB'");
                RawClient other = proxy.connect()) {
            try (RawClient client = proxy.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65000\r\n\r\n")
                        .send(body(65_000));
                awaitHeld(proxy, 1);
            }
            other.send(GET);
            awaitHeld(proxy, 2); // that the first has left stands behind what is not read of its body
            other.close();

            awaitHeld(proxy, 1);
        }
    }

    @Test
    void answersABrowserThatGoesToAPageAfterASecondWithOneThatReloadsItself() throws Exception {
        try (ProxyHarness proxy = waiting("'1h'")) {
            long before = System.nanoTime();
            RawClient.Response page = proxy.raw(NAVIGATION);

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(page.status()).isEqualTo(503);
            assertThat(page.field("Retry-After")).isEqualTo("1");
            assertThat(page.field("Cache-Control")).isEqualTo("no-store");
            assertThat(page.field("Content-Type")).startsWith("text/html");
            assertThat(page.text())
                    .contains("location.reload()", "http-equiv=\"refresh\"")
                    .doesNotContain("<b>");
            assertThat(page.text()).contains("127.0.0.1:" + port);
        }
    }

    @Test
    void letsABrowserThatAsksWhetherItCanReloadWait() throws Exception {
        try (ProxyHarness proxy = waiting("'1h'");
                RawClient client = proxy.connect()) {
            client.send("HEAD /page HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nSec-Fetch-Mode: same-origin\r\n\r\n");
            awaitHeld(proxy, 1);
            listen();

            assertThat(client.read("HEAD").status()).isEqualTo(200);
        }
    }

    @Test
    void answersAFormThatIsSentWithNoPageThatReloads() throws Exception {
        try (ProxyHarness proxy = waiting("'200ms'")) {
            RawClient.Response response = proxy.raw("POST / HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\n"
                    + "Sec-Fetch-Mode: navigate\r\nContent-Length: 3\r\n\r\na=b");

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.text()).doesNotContain("reload");
        }
    }

    @Test
    void holdsTheRequestThatOpensAWebSocket() throws Exception {
        try (ProxyHarness proxy = waiting("'20s'");
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            awaitHeld(proxy, 1);
            back = Origin.on("127.0.0.1", port, exchange -> {
                exchange.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                exchange.in().transferTo(exchange.socket().getOutputStream());
            });

            assertThat(client.readHead().status()).isEqualTo(101);
            client.send("echo");
            assertThat(client.in().readNBytes(4)).asString().isEqualTo("echo");
        }
    }

    @Test
    void holdsRequestsOfHttp2() throws Exception {
        try (ProxyHarness proxy = waiting("'20s'");
                Http2Client client = Http2Client.to(proxy.proxy())) {
            List<String> answers = Collections.synchronizedList(new ArrayList<>());
            Background get = Background.run(() -> answers.add(client.get("/").getContentAsString()));
            Background post = Background.run(() -> answers.add(client.request("/")
                    .method(HttpMethod.POST)
                    .body(new BytesRequestContent(body(100_000)))
                    .send()
                    .getContentAsString()));
            awaitHeld(proxy, 2);
            listen();
            get.join();
            post.join();

            assertThat(answers).containsExactlyInAnyOrder("back 0", "back 100000");
        }
    }

    @Test
    void freesThePlaceOfAnHttp2StreamThatIsReset() throws Exception {
        try (ProxyHarness proxy = waiting("'1h'");
                Http2Client client = Http2Client.to(proxy.proxy())) {
            Request request = client.request("/");
            // Newer Javas wrap what a future was cancelled with.
            Background get = Background.run(() -> assertThatThrownBy(request::send)
                    .satisfies(thrown ->
                            assertThat(Throwables.getRootCause(thrown)).hasMessage("left")));
            awaitHeld(proxy, 1);

            assertThat(request.abort(new CancellationException("left"))).isNotNull();

            get.join();
            awaitHeld(proxy, 0);
        }
    }

    @Test
    void goesToTheOneOfSeveralThatComesBack() throws Exception {
        try (AbsentPort other = AbsentPort.take();
                ProxyHarness proxy = route(
                        "'targets': ['http://127.0.0.1:" + other.number() + "', 'URL'], 'waitForBackend': '20s'");
                RawClient client = proxy.connect()) {
            client.send(GET);
            awaitHeld(proxy, 1);
            listen();

            assertThat(client.read().text()).isEqualTo("back 0");
        }
    }

    @Test
    void letsThoseItHoldsGoWhenTheProxyStops() throws Exception {
        try (ProxyHarness proxy = ProxyHarness.with(
                        "\"timeouts\": { \"shutdown\": \"30s\" }",
                        ("[ { 'id': 'r', 'target': 'http://127.0.0.1:" + port + "', 'waitForBackend': '1h' } ]")
                                .replace('\'', '"'));
                RawClient client = proxy.connect()) {
            client.send(GET);
            awaitHeld(proxy, 1);

            Background stop = Background.run(proxy::close);

            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.text()).contains("the proxy is stopping");
            stop.join();
        }
    }

    private void listen() {
        back = Origin.on("127.0.0.1", port, exchange -> {
            String text = "back " + exchange.readBody().length;
            String body = exchange.request().method().equals("HEAD") ? "" : text;
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + body);
        });
    }

    private ProxyHarness waiting(String time) {
        return route("'target': 'URL', 'waitForBackend': " + time);
    }

    private ProxyHarness route(String members) {
        return ProxyHarness.withRoutes(("[ { 'id': 'held', " + members + " } ]")
                .replace("URL", "http://127.0.0.1:" + port)
                .replace('\'', '"'));
    }

    private ProxyHarness limited(String limits) {
        return ProxyHarness.with(
                "\"limits\": { " + limits.replace('\'', '"') + " }",
                ("[ { 'id': 'held', 'target': 'http://127.0.0.1:" + port + "', 'waitForBackend': '20s' } ]")
                        .replace('\'', '"'));
    }

    private static void awaitHeld(ProxyHarness proxy, int count) {
        await().untilAsserted(() -> assertThat(
                        proxy.admin("GET", "/prometheus", null).body().lines())
                .contains("portway_requests_held " + count + ".0"));
    }

    /** How many requests an origin had at once. */
    private static final class Busyness {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        void answer(Origin.Exchange exchange) throws IOException {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            exchange.readBody();
            now.decrementAndGet();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    }

    private static byte[] body(int length) {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = (byte) (i % 251);
        }
        return body;
    }
}
