package dev.portway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A second backend that is asked besides because the first is slow, through the whole proxy (decision 124). */
final class HedgeTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String AT_ONCE = "'ejection': false, 'retry': { 'hedge': { 'after': '20ms' } }";

    enum Protocol {
        HTTP_1,
        HTTP_2
    }

    private final List<Backend> backends = new ArrayList<>();

    @AfterEach
    void stop() {
        backends.forEach(Backend::close);
    }

    @ParameterizedTest
    @EnumSource
    void passesOnWhatTheQuickerOneAnswers(Protocol protocol) throws Exception {
        backend(protocol);
        backend(protocol).answering(200, "quick");
        try (ProxyHarness proxy = routing(AT_ONCE)) {
            for (int i = 0; i < 4; i++) {
                assertThat(proxy.raw(GET).text()).isEqualTo("quick");
            }

            nothingIsLeft(proxy);
            // The slow one is first in turn for two of them, and the quick one may take its time at first.
            await().untilAsserted(() -> assertThat(
                            proxy.admin("GET", "/prometheus", null).body())
                    .containsPattern("portway_hedges_total\\{route=\"both\"} [234]\\.0")
                    .contains("portway_retries_total{route=\"both\"} 0.0"));
            assertThat(failures(proxy)).as(() -> lastErrors(proxy)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesOnWhatTheFirstAnswersWhereItIsQuickerAfterAll(Protocol protocol) throws Exception {
        Backend one = backend(protocol);
        Backend other = backend(protocol);
        try (ProxyHarness proxy = routing(AT_ONCE)) {
            CompletableFuture<RawClient.Response> response = send(proxy);
            await().until(() -> one.asked() + other.asked() == 2);
            Backend first = one.askedFirst(other);
            first.answerAll(200, "first");

            assertThat(response.get(10, TimeUnit.SECONDS).text()).isEqualTo("first");
            nothingIsLeft(proxy);
            assertThat(failures(proxy)).as(() -> lastErrors(proxy)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheSlowerOneAtOnce(Protocol protocol) throws Exception {
        Backend slow = backend(protocol);
        backend(protocol).answering(200, "quick");
        try (ProxyHarness proxy = routing(AT_ONCE)) {
            proxy.raw(GET);
            proxy.raw(GET);

            nothingIsLeft(proxy);
            await().until(slow::left);
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesOutOneThatHangsThoughTheOtherAlwaysAnswersFirst(Protocol protocol) throws Exception {
        backend(protocol); // hangs
        backend(protocol).answering(200, "quick");
        try (ProxyHarness proxy =
                routing("'timeouts': { 'response': '300ms' }, 'ejection': { 'failures': 2, 'time': '1h' },"
                        + " 'retry': { 'hedge': { 'after': '20ms' } }")) {
            await().untilAsserted(() -> {
                assertThat(proxy.raw(GET).text()).isEqualTo("quick");
                assertThat(proxy.admin("GET", "/backends", null).body()).contains("2 failures in a row, the last: ");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesOutOneThatTakesNoConnectionThoughTheOtherAlwaysAnswersFirst(boolean handshake) throws Exception {
        Backend quick = backend(Protocol.HTTP_1).answering(200, "quick");
        try (HangingListener hanging = new HangingListener();
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ProxyHarness proxy = ProxyHarness.withRoutes(("[ { 'id': 'both', 'targets': ['"
                                + (handshake ? "https://127.0.0.1:" + silent.getLocalPort() : hanging.url()) + "', '"
                                + quick.url() + "'], 'timeouts': { 'connect': '300ms' },"
                                + " 'retry': { 'budget': 100, 'hedge': { 'after': '20ms' } } } ]")
                        .replace('\'', '"'))) {
            await().untilAsserted(() -> {
                assertThat(proxy.raw(GET).text()).isEqualTo("quick");
                assertThat(lastErrors(proxy)).contains("did not accept the connection within 300ms");
            });
            nothingIsLeft(proxy);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsNothingToOneWhoseConnectionIsThereAfterTheOtherHasAnswered(Protocol protocol) throws Exception {
        Backend quick = backend(Protocol.HTTP_1).answering(200, "quick");
        AtomicInteger asked = new AtomicInteger();
        JettyOrigin.Answer answer = (request, body, response, callback) -> {
            asked.incrementAndGet();
            callback.succeeded();
        };
        String certificate = TestCertificates.LOCALHOST;
        try (JettyOrigin late = protocol == Protocol.HTTP_1
                        ? JettyOrigin.oldTls(certificate, answer)
                        : JettyOrigin.tls(certificate, answer);
                ServerSocket gate = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ProxyHarness proxy = ProxyHarness.withRoutes(("[ { 'id': 'both', 'targets': ['https://127.0.0.1:"
                                + gate.getLocalPort() + "', '" + quick.url() + "'], 'tls': { 'ca': '"
                                + TestCertificates.authority() + "' }, 'retry': { 'hedge': { 'after': '20ms' } } } ]")
                        .replace('\'', '"'))) {
            assertThat(proxy.raw(GET).text()).isEqualTo("quick");
            assertThat(proxy.raw(GET).text()).isEqualTo("quick"); // one of the two went to the other first
            assertThat(inFlight(proxy)).isPositive();

            Background.run(() -> {
                while (true) {
                    relay(gate.accept(), late.port());
                }
            });
            nothingIsLeft(proxy);

            assertThat(late.accepted()).isPositive();
            assertThat(asked).hasValue(0);
            assertThat(failures(proxy)).as(() -> lastErrors(proxy)).isZero();
        }
    }

    private static void relay(Socket client, int port) throws IOException {
        Socket backend = new Socket(InetAddress.getLoopbackAddress(), port);
        Background.run(() -> {
            try (client) {
                backend.getInputStream().transferTo(client.getOutputStream());
            }
        });
        Background.run(() -> {
            try (backend) {
                client.getInputStream().transferTo(backend.getOutputStream());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void leavesOneInThatIsSlowThoughTheOtherAlwaysAnswersFirst(Protocol protocol) throws Exception {
        Backend slow = backend(protocol).answeringAfter(60, "slow");
        backend(protocol).answering(200, "quick");
        try (ProxyHarness proxy =
                routing("'timeouts': { 'response': '1500ms' }, 'ejection': { 'failures': 1, 'time': '1h' },"
                        + " 'retry': { 'budget': 100, 'hedge': { 'after': '20ms' } }")) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3_500);
            await().until(() -> {
                proxy.raw(GET);
                return System.nanoTime() > end;
            });

            assertThat(slow.asked()).isGreaterThan(5);
            assertThat(failures(proxy)).as(() -> lastErrors(proxy)).isZero();
            nothingIsLeft(proxy);
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesBothWhereTheClientLeaves(Protocol protocol) throws Exception {
        Backend one = backend(protocol);
        Backend other = backend(protocol);
        try (ProxyHarness proxy = routing(AT_ONCE)) {
            try (RawClient client = proxy.connect()) {
                client.send(GET);
                await().until(() -> one.asked() + other.asked() == 2);
            }

            nothingIsLeft(proxy);
            await().until(() -> one.left() && other.left());
            assertThat(failures(proxy)).as(() -> lastErrors(proxy)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWithTheOtherWhereOneBreaksOff(boolean firstBreaksOff) throws Exception {
        Backend one = backend(Protocol.HTTP_1);
        Backend other = backend(Protocol.HTTP_1);
        try (ProxyHarness proxy = routing(AT_ONCE)) {
            CompletableFuture<RawClient.Response> response = send(proxy);
            await().until(() -> one.asked() + other.asked() == 2);
            Backend first = one.askedFirst(other);
            Backend second = first == one ? other : one;
            (firstBreaksOff ? first : second).breakOffAll();
            await().until(() -> failures(proxy) == 1);
            (firstBreaksOff ? second : first).answerAll(200, "left");

            assertThat(response.get(10, TimeUnit.SECONDS).text()).isEqualTo("left");
            nothingIsLeft(proxy);
        }
    }

    @Test
    void prefersAnAnswerThatIsStillToComeToAnError() throws Exception {
        Backend one = backend(Protocol.HTTP_1);
        Backend other = backend(Protocol.HTTP_1);
        try (ProxyHarness proxy = routing(AT_ONCE)) {
            CompletableFuture<RawClient.Response> response = send(proxy);
            await().until(() -> one.asked() + other.asked() == 2);
            Backend first = one.askedFirst(other);
            Backend second = first == one ? other : one;
            second.answerAll(503, "error");
            await().until(() -> inFlight(proxy) == 1);
            first.answerAll(200, "good");

            assertThat(response.get(10, TimeUnit.SECONDS).text()).isEqualTo("good");
            nothingIsLeft(proxy);
        }
    }

    @Test
    void answersThatBothHaveFailed() throws Exception {
        Backend one = backend(Protocol.HTTP_1);
        Backend other = backend(Protocol.HTTP_1);
        try (ProxyHarness proxy = routing(AT_ONCE)) {
            CompletableFuture<RawClient.Response> response = send(proxy);
            await().until(() -> one.asked() + other.asked() == 2);
            one.breakOffAll();
            await().until(() -> failures(proxy) == 1);
            other.breakOffAll();

            assertThat(response.get(10, TimeUnit.SECONDS).status()).isEqualTo(502);
            nothingIsLeft(proxy);
            assertThat(failures(proxy)).isEqualTo(2);
        }
    }

    @Test
    void asksNoSecondOneForWhatDoesMoreThanAsk() throws Exception {
        List<String> requests = List.of(
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
                "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx",
                "DELETE / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx",
                "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
        Backend one = backend(Protocol.HTTP_1).answeringAfter(100, "late");
        Backend other = backend(Protocol.HTTP_1).answeringAfter(100, "late");
        try (ProxyHarness proxy = routing(AT_ONCE)) {
            for (String request : requests) {
                assertThat(proxy.raw(request).text()).isEqualTo("late");
            }

            assertThat(one.asked() + other.asked()).isEqualTo(requests.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"'retry': true", "'retry': { 'hedge': true }"})
    void asksNoSecondOneWhereTheRouteDoesNotSaySoOrNothingIsKnownYet(String rule) throws Exception {
        Backend one = backend(Protocol.HTTP_1).answeringAfter(100, "late");
        Backend other = backend(Protocol.HTTP_1).answeringAfter(100, "late");
        try (ProxyHarness proxy = routing("'ejection': false, " + rule)) {
            assertThat(proxy.raw(GET).text()).isEqualTo("late");

            assertThat(one.asked() + other.asked()).isEqualTo(1);
        }
    }

    @Test
    void asksNoSecondOneForAClientThatIsBound() throws Exception {
        Backend one = backend(Protocol.HTTP_1).answering(200, "any");
        Backend other = backend(Protocol.HTTP_1).answering(200, "any");
        String rule = AT_ONCE.replace("20ms", "200ms"); // so that the first request is not hedged on a slow machine
        try (ProxyHarness proxy = routing(rule + ", 'sticky': true")) {
            String cookie = requireNonNull(proxy.raw(GET).field("Set-Cookie")).split(";", 2)[0];
            one.answeringAfter(500, "late");
            other.answeringAfter(500, "late");
            int before = one.asked() + other.asked();

            assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: h\r\nCookie: " + cookie + "\r\n\r\n")
                            .text())
                    .isEqualTo("late");

            assertThat(one.asked() + other.asked()).isEqualTo(before + 1);
        }
    }

    @Test
    void asksNoBackendTwice() throws Exception {
        Backend only = backend(Protocol.HTTP_1).answeringAfter(100, "late");
        String url = only.url();
        try (ProxyHarness proxy = ProxyHarness.withRoutes(
                ("[ { 'targets': ['" + url + "/a', '" + url + "/b'], " + AT_ONCE + " } ]").replace('\'', '"'))) {
            assertThat(proxy.raw(GET).text()).isEqualTo("late");

            assertThat(only.asked()).isEqualTo(1);
        }
    }

    @Test
    void goesByWhatIsUsualForTheRoute() throws Exception {
        Backend one = backend(Protocol.HTTP_1).answering(200, "usual");
        Backend other = backend(Protocol.HTTP_1).answering(200, "usual");
        try (ProxyHarness proxy = routing("'ejection': false, 'retry': { 'hedge': true }")) {
            for (int i = 0; i < 200; i++) {
                proxy.raw(GET);
            }
            one.holding();
            other.holding();
            int before = one.asked() + other.asked();
            CompletableFuture<RawClient.Response> response = send(proxy);
            await().until(() -> one.asked() + other.asked() == before + 2);
            one.answerAll(200, "usual");

            assertThat(response.get(10, TimeUnit.SECONDS).text()).isEqualTo("usual");
            nothingIsLeft(proxy);
        }
    }

    @Test
    void spendsNoMoreThanItsBudget() throws Exception {
        backend(Protocol.HTTP_1).answeringAfter(40, "late");
        backend(Protocol.HTTP_1).answeringAfter(40, "late");
        try (ProxyHarness proxy = routing(AT_ONCE)) {
            int requests = 100;
            List<CompletableFuture<RawClient.Response>> all = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                all.add(send(proxy));
            }
            for (CompletableFuture<RawClient.Response> each : all) {
                assertThat(each.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            }

            int asked = backends.stream().mapToInt(Backend::asked).sum();
            assertThat(asked - requests).isBetween(1, 10 + requests / 5);
            nothingIsLeft(proxy);
        }
    }

    /** Answers, hedges and leaving clients about the same moment: whatever comes first, everything is given back once. */
    @ParameterizedTest
    @EnumSource
    void leavesNothingBehindWhateverComesFirst(Protocol protocol) throws Exception {
        Backend one = backend(protocol).answeringAfter(2, "well");
        Backend other = backend(protocol).answeringAfter(2, "well");
        try (ProxyHarness proxy =
                routing("'ejection': false, 'retry': { 'budget': 100, 'hedge': { 'after': '2ms' } }")) {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            Set<String> wrong = ConcurrentHashMap.newKeySet();
            for (int n = 0; n < 8; n++) {
                boolean leaves = n % 4 == 3;
                clients.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 60; i++) {
                                try (RawClient client = proxy.connect()) {
                                    client.send(GET);
                                    if (leaves) {
                                        client.socket().setSoTimeout(1 + i % 3);
                                    }
                                    String text = client.read().text();
                                    if (!text.equals("well")) {
                                        wrong.add(text);
                                    }
                                } catch (IOException e) {
                                    if (!leaves) {
                                        wrong.add(e.toString());
                                    }
                                }
                            }
                        },
                        command -> new Thread(command, "hedge-client").start()));
            }
            for (CompletableFuture<Void> client : clients) {
                client.get(60, TimeUnit.SECONDS);
            }

            assertThat(wrong).isEmpty();
            assertThat(one.asked() + other.asked()).isGreaterThan(480);
            nothingIsLeft(proxy);
            assertThat(failures(proxy)).as(() -> lastErrors(proxy)).isZero();
            assertThat(proxy.raw(GET).text()).isEqualTo("well");
        }
    }

    private ProxyHarness routing(String more) {
        String targets = backends.stream()
                .map(backend -> "'" + backend.url() + "'")
                .toList()
                .toString();
        return ProxyHarness.withRoutes(
                ("[ { 'id': 'both', 'targets': " + targets + ", " + more + " } ]").replace('\'', '"'));
    }

    private Backend backend(Protocol protocol) {
        Backend backend = new Backend(protocol);
        backends.add(backend);
        return backend;
    }

    private static CompletableFuture<RawClient.Response> send(ProxyHarness proxy) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return proxy.raw(GET);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                command -> new Thread(command, "hedge-client").start());
    }

    private static void nothingIsLeft(ProxyHarness proxy) {
        await().until(() -> inFlight(proxy) == 0);
    }

    private static int inFlight(ProxyHarness proxy) throws Exception {
        int all = 0;
        for (JsonNode backend : backends(proxy)) {
            int inFlight = backend.path("inFlight").asInt();
            assertThat(inFlight).isNotNegative();
            all += inFlight;
        }
        return all;
    }

    private static int failures(ProxyHarness proxy) throws Exception {
        int all = 0;
        for (JsonNode backend : backends(proxy)) {
            all += backend.path("failures").asInt();
        }
        return all;
    }

    private static String lastErrors(ProxyHarness proxy) {
        try {
            return backends(proxy).findValues("lastError").toString();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode backends(ProxyHarness proxy) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", "/backends", null).body());
    }

    /** A backend of either protocol that answers when the test says so. */
    private static final class Backend implements AutoCloseable {

        /** Of all backends, in the order in which they are asked. */
        private static final AtomicInteger TURN = new AtomicInteger();

        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger turn = new AtomicInteger();
        private final @Nullable Origin http1;
        private final @Nullable JettyOrigin http2;
        private volatile Plan plan = Plan.HOLD; // written by the test, read by the backend's threads
        private volatile CompletableFuture<Plan> word = new CompletableFuture<>(); // likewise

        Backend(Protocol protocol) {
            http1 = protocol == Protocol.HTTP_1 ? Origin.answering(this::answer) : null;
            http2 = protocol == Protocol.HTTP_2 ? JettyOrigin.clear(this::answer) : null;
        }

        Backend answering(int status, String text) {
            plan = new Plan(0, status, text);
            return this;
        }

        Backend answeringAfter(int millis, String text) {
            plan = new Plan(millis, 200, text);
            return this;
        }

        void holding() {
            plan = Plan.HOLD;
        }

        /** Answers all that it holds. */
        void answerAll(int status, String text) {
            word.complete(new Plan(0, status, text));
        }

        void breakOffAll() {
            word.complete(Plan.HOLD);
        }

        Backend askedFirst(Backend other) {
            return turn.get() < other.turn.get() ? this : other;
        }

        int asked() {
            return asked.get();
        }

        /** Whether the proxy has left it. */
        boolean left() {
            return http1 == null ? ended.get() == asked.get() : http1.open() == 0;
        }

        String url() {
            return http1 == null ? requireNonNull(http2).url() : http1.url();
        }

        /** What to do with a request that has just come in, when it is to be done. */
        private CompletableFuture<Plan> next() {
            turn.set(TURN.incrementAndGet());
            asked.incrementAndGet();
            Plan now = plan;
            if (now.equals(Plan.HOLD)) {
                return word;
            }
            Executor when = CompletableFuture.delayedExecutor(now.millis, TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> now, when);
        }

        private void answer(Origin.Exchange exchange) throws IOException {
            exchange.readBody();
            var unused = next().thenAccept(plan -> {
                try {
                    if (plan.equals(Plan.HOLD)) {
                        exchange.socket().close();
                    } else {
                        exchange.write("HTTP/1.1 " + plan.status + " Status\r\nContent-Length: " + plan.text.length()
                                + "\r\n\r\n" + plan.text);
                    }
                } catch (IOException left) {
                    // The proxy did not want the answer any more.
                }
            });
            exchange.in().mark(1);
            if (exchange.in().read() < 0) {
                throw new IOException("the proxy has left");
            }
            exchange.in().reset();
        }

        private void answer(Request request, String body, Response response, Callback callback) {
            Request.addCompletionListener(request, failure -> ended.incrementAndGet());
            AtomicBoolean over = new AtomicBoolean();
            request.addFailureListener(failure -> {
                if (over.compareAndSet(false, true)) {
                    callback.failed(failure);
                }
            });
            var unused = next().thenAccept(plan -> {
                if (!over.compareAndSet(false, true)) {
                    return;
                }
                if (plan.equals(Plan.HOLD)) {
                    callback.failed(new IOException("breaks off"));
                } else {
                    response.setStatus(plan.status);
                    Content.Sink.write(response, true, plan.text, callback);
                }
            });
        }

        @Override
        public void close() {
            breakOffAll();
            if (http1 != null) {
                http1.close();
            }
            if (http2 != null) {
                http2.close();
            }
        }

        private record Plan(int millis, int status, String text) {
            /** Until the test says what to do; as a word of the test: break off. */
            static final Plan HOLD = new Plan(0, 0, "");
        }
    }
}
