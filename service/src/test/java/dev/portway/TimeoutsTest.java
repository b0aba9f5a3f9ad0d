package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Every time limit of the contract, and what keeps within it. All at once, each with a backend and a route of its own. */
final class TimeoutsTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration WITHIN = LIMIT.dividedBy(8);
    private static final Duration BEYOND = LIMIT.multipliedBy(2);

    /** Steps that take longer than the limit all together, and less than it each. */
    private static final int STEPS = 12;

    private static final AtomicInteger TESTS = new AtomicInteger();

    private static ScheduledExecutorService clock;
    private static HangingListener hanging;
    private static ProxyHarness proxy;

    private final Origin origin = Origin.answering(exchange -> this.answer.to(exchange));
    private volatile Origin.Answer answer = exchange -> {}; // written by the test, read by the backend's threads

    @BeforeAll
    static void start() throws Exception {
        clock = Executors.newScheduledThreadPool(8);
        hanging = new HangingListener();
        proxy = ProxyHarness.with(
                "\"limits\": { \"uploadRate\": \"5B\" }, \"timeouts\": { \"header\": \"1s\", \"keepAlive\": \"1s\", \"pool\": \"1s\" }",
                "[]");
        try (Origin quick = Origin.replying(200, "quick")) { // so that no limit is spent on what happens once
            String path = route("stream", quick.url());
            for (int i = 0; i < 10; i++) {
                assertThat(get(path).status()).isEqualTo(200);
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.close();
        hanging.close();
        clock.shutdownNow();
    }

    @AfterEach
    void stopBackend() {
        origin.close();
    }

    @Test
    @AtOnce
    void gatewayTimeoutWhereNobodyAcceptsTheConnection() throws Exception { // behaviour 56
        assertError(get(hanging()), 504, "connection_timeout");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @AtOnce
    void noSocketGoesOnConnectingForARequestThatHasItsAnswer() throws Exception {
        assertError(get(hanging()), 504, "connection_timeout");

        await().until(() -> hanging.connecting() == 0);
    }

    @Test
    @AtOnce
    void gatewayTimeoutWhereTheBackendDoesNotAnswer() throws Exception { // behaviour 56
        answer = TimeoutsTest::waitForTheEnd;

        assertError(get(limited("response")), 504, "http_response_timeout");
    }

    @Test
    @AtOnce
    void gatewayTimeoutWhereTheBackendDoesNotTakeTheBody() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        answer = exchange -> Uninterruptibles.awaitUninterruptibly(over);
        String path = limited("upload");

        try (RawClient client = proxy.connect()) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000000\r\n\r\n");
            clock.execute(() -> writeEndlessly(client));

            assertError(client.read(), 504, "http_response_timeout");
        } finally {
            over.countDown();
        }
    }

    @Test
    @AtOnce
    void requestTimeoutWhereTheClientStopsItsUpload() throws Exception {
        answer = Origin.Exchange::readBody;
        String path = limited("upload");

        try (RawClient client = proxy.connect()) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\nhalf");

            assertError(client.read(), 408, "http_request_error");
            assertThat(client.closed()).isTrue();
        }
        await().untilAsserted(() -> assertThat(origin.open()).isZero());
    }

    @Test
    @AtOnce
    void anUploadThatDripsInIsCutOffAlthoughEachByteComesInTime() throws Exception {
        answer = Origin.Exchange::readBody;
        String path = limited("upload");

        try (RawClient client = proxy.connect()) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\n");
            ScheduledFuture<?> drip =
                    clock.scheduleAtFixedRate(() -> send(client, "x"), 0, LIMIT.toMillis() / 2, TimeUnit.MILLISECONDS);

            assertError(client.read(), 408, "http_request_error");
            drip.cancel(false);
        }
        await().untilAsserted(() -> assertThat(origin.open()).isZero());
    }

    @Test
    @AtOnce
    void anUploadThatIsSlowAndSteadyGoesOn() throws Exception {
        answer = exchange -> {
            exchange.readBody();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };
        String path = limited("upload");

        try (RawClient client = proxy.connect()) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + STEPS + "\r\n\r\n");
            for (int i = 0; i < STEPS; i++) {
                pause(WITHIN);
                client.send("x");
            }

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(origin.take().bodyText()).hasSize(STEPS);
        }
    }

    @Test
    @AtOnce
    void aBodyThatStopsIsBrokenOff() throws Exception {
        answer = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
            waitForTheEnd(exchange);
        };
        String path = limited("stream");

        try (RawClient client = proxy.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n");

            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    @AtOnce
    void aBodyThatTheClientDoesNotTakeIsBrokenOff() throws Exception {
        answer = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] block = new byte[1 << 16];
            for (int i = 0; i < 1_000_000_000 / block.length; i++) {
                exchange.write(block); // until the proxy hangs up
            }
        };
        String path = limited("stream");

        try (RawClient client = proxy.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n");

            origin.take();
            await().untilAsserted(() -> assertThat(origin.open()).isZero());
        }
    }

    @Test
    @AtOnce
    void aBodyThatIsSlowAndSteadyGoesOn() throws Exception {
        answer = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + STEPS + "\r\n\r\n");
            for (int i = 0; i < STEPS; i++) {
                pause(WITHIN);
                exchange.write("x");
            }
        };

        assertThat(get(limited("stream")).text()).hasSize(STEPS);
    }

    @Test
    @AtOnce
    void anEventStreamMayPauseAsLongAsItLikes() throws Exception { // behaviour 42
        answer = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\ndata: 1\n\n");
            pause(BEYOND);
            exchange.write("data: 2\n\n");
            throw new IOException("the end of the stream is the end of the connection");
        };

        assertThat(get(limited("stream")).text()).isEqualTo("data: 1\n\ndata: 2\n\n");
    }

    @Test
    @AtOnce
    void gatewayTimeoutWhereTheWholeTakesTooLong() throws Exception {
        answer = TimeoutsTest::waitForTheEnd;

        assertError(get(limited("request")), 504, "http_response_timeout");
    }

    @Test
    @AtOnce
    void aBodyIsBrokenOffWhereTheWholeTakesTooLong() throws Exception {
        answer = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            for (int i = 0; i < 1000; i++) {
                pause(WITHIN);
                exchange.write("x");
            }
        };
        String path = limited("request");

        try (RawClient client = proxy.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n");

            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    @AtOnce
    void aHeadThatDripsInIsCutOffAlthoughEachByteComesInTime() throws Exception {
        answer = exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        String path = limited("stream");

        try (RawClient client = proxy.connect()) {
            // As well on a connection that has served before.
            client.send("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n").read();
            client.send("GET " + path + " HTTP/1.1\r\n");
            AtomicInteger sent = new AtomicInteger();
            ScheduledFuture<?> drip = clock.scheduleAtFixedRate(
                    () -> send(client, "X: " + sent.incrementAndGet() + "\r\n"), 0, 20, TimeUnit.MILLISECONDS);

            assertThat(client.closed()).isTrue();
            assertThat(sent.get()).isGreaterThan(2);
            drip.cancel(false);
        }
        origin.take();
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    @AtOnce
    void anIdleClientIsCutOff() throws Exception { // behaviour 57
        answer = exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        String path = limited("stream");

        try (RawClient client = proxy.connect();
                RawClient silent = proxy.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n").read();

            assertThat(client.closed()).isTrue();
            assertThat(silent.closed()).isTrue();
        }
    }

    @Test
    @AtOnce
    void anIdleBackendConnectionIsClosed() throws Exception {
        answer = exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        get(limited("stream"));

        await().untilAsserted(() -> assertThat(origin.open()).isZero());
    }

    /** The path of a route to this test's backend, with this limit. */
    private String limited(String limit) throws Exception {
        return route(limit, origin.url());
    }

    private static String hanging() throws Exception {
        return route("connect", hanging.url());
    }

    private static String route(String limit, String target) throws Exception {
        String id = limit + TESTS.incrementAndGet();
        String route =
                "{ \"id\": \"%1$s\", \"path\": \"/%1$s\", \"target\": \"%2$s\", \"timeouts\": { \"%3$s\": \"1s\" } }"
                        .formatted(id, target, limit);
        assertThat(proxy.admin("POST", "/routes", route).statusCode()).isEqualTo(201);
        return "/" + id;
    }

    private static RawClient.Response get(String path) throws IOException {
        return proxy.raw("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n");
    }

    private static void assertError(RawClient.Response response, int status, String error) {
        assertThat(response.status()).as(response.text()).isEqualTo(status);
        assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=" + error);
    }

    private static void waitForTheEnd(Origin.Exchange exchange) throws IOException {
        exchange.in().transferTo(OutputStream.nullOutputStream());
        throw new IOException("the proxy hung up");
    }

    private static void writeEndlessly(RawClient client) {
        byte[] block = new byte[1 << 16];
        try {
            while (true) {
                client.send(block);
            }
        } catch (IOException ended) {
            return; // by the proxy, or by the test
        }
    }

    private static void send(RawClient client, String text) {
        try {
            client.send(text);
        } catch (IOException e) {
            throw new IllegalStateException(e); // ends the schedule
        }
    }

    private static void pause(Duration duration) {
        await().pollDelay(duration).timeout(Duration.ofMinutes(1)).until(() -> true);
    }
}
