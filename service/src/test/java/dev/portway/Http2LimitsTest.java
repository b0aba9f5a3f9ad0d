package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that make the most of HTTP/2: what they may, and where they are cut off. */
final class Http2LimitsTest { // behaviour 89

    private static final int PROTOCOL_ERROR = 1;
    private static final int REFUSED_STREAM = 7;
    private static final int ENHANCE_YOUR_CALM = 11;

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static ScheduledExecutorService clock;
    private static Origin origin;
    private static ProxyHarness proxy;

    private static volatile Origin.Answer answer = exchange -> exchange.write(OK);

    enum Listener {
        PLAIN,
        TLS;

        URI url() {
            return this == TLS ? proxy.tls() : proxy.proxy();
        }

        RawHttp2 connect() throws IOException {
            return RawHttp2.to(url());
        }
    }

    @BeforeAll
    static void start() {
        clock = Executors.newScheduledThreadPool(1);
        origin = Origin.answering(exchange -> answer.to(exchange));
        proxy = ProxyHarness.with(
                ProxyHarness.tlsMembers() + ", \"timeouts\": { \"header\": \"1s\", \"keepAlive\": \"1s\" }",
                "[{ \"id\": \"only\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
        clock.shutdownNow();
    }

    @AfterEach
    void othersAreServed() throws Exception {
        answer = exchange -> exchange.write(OK);
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            assertThat(client.get(1, "/").response(1).status()).isEqualTo(200);
        }
        await().untilAsserted(() -> assertThat(
                        proxy.admin("GET", "/backends", null).body().replace(" ", ""))
                .contains("\"inFlight\":0"));
    }

    @ParameterizedTest
    @EnumSource
    void moreStreamsAtOnceThanAllowedAreRefused(Listener listener) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        answer = exchange -> {
            Uninterruptibles.awaitUninterruptibly(over);
            exchange.write(OK);
        };

        try (RawHttp2 client = listener.connect()) {
            for (int stream = 1; stream <= 2 * 129; stream += 2) {
                client.get(stream, "/");
            }
            RawHttp2.Frame refusal = client.await(RawHttp2.RST_STREAM);

            assertThat(refusal.error()).isEqualTo(REFUSED_STREAM);
            assertThat(refusal.stream()).isEqualTo(2 * 129 - 1);
        } finally {
            over.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void rapidResetsEndTheConnection(Listener listener) throws Exception { // CVE-2023-44487
        CountDownLatch over = new CountDownLatch(1);
        answer = exchange -> Uninterruptibles.awaitUninterruptibly(over);

        try (RawHttp2 client = listener.connect()) {
            assertCutOff(
                    client,
                    stream -> client.get(stream, "/").frame(RawHttp2.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
        } finally {
            over.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void pingsEndTheConnection(Listener listener) throws Exception { // CVE-2019-9512
        try (RawHttp2 client = listener.connect()) {
            assertCutOff(client, stream -> client.frame(RawHttp2.PING, 0, 0, new byte[8]));
        }
    }

    @ParameterizedTest
    @EnumSource
    void settingsEndTheConnection(Listener listener) throws Exception { // CVE-2019-9515
        try (RawHttp2 client = listener.connect()) {
            assertCutOff(client, stream -> client.frame(RawHttp2.SETTINGS, 0, 0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyPiecesOfABodyEndTheConnection(Listener listener) throws Exception { // CVE-2019-9518
        try (RawHttp2 client = listener.connect()) {
            client.post(1, "/");
            assertCutOff(client, stream -> client.frame(RawHttp2.DATA, 0, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyContinuationsEndTheConnection(Listener listener) throws Exception { // CVE-2024-27316
        try (RawHttp2 client = listener.connect()) {
            client.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.block(RawHttp2.request("GET", "/")));
            assertCutOff(client, stream -> client.frame(RawHttp2.CONTINUATION, 0, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void continuationsWithoutEndEndTheConnection(Listener listener) throws Exception { // CVE-2024-27316
        byte[] field = RawHttp2.block("x-more", "x".repeat(1000));
        try (RawHttp2 client = listener.connect()) {
            client.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.block(RawHttp2.request("GET", "/")));
            assertCutOff(client, stream -> client.frame(RawHttp2.CONTINUATION, 0, 1, field));
        }
    }

    @ParameterizedTest
    @EnumSource
    void fieldsBeyondTheLimitAreRefusedAndNotForwarded(Listener listener) throws Exception {
        origin.forget();
        try (RawHttp2 client = listener.connect()) {
            client.get(1, "/", "x-big", "x".repeat(15_000), "x-bigger", "x".repeat(15_000));

            assertThat(client.closed()).isTrue();
        }
        assertThat(origin.untaken()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void manyPrioritiesDoNoHarm(Listener listener) throws Exception {
        try (RawHttp2 client = listener.connect()) {
            for (int stream = 1; stream < 1000; stream += 2) {
                client.frame(RawHttp2.PRIORITY, 0, stream, new byte[] {0, 0, 0, 0, 16});
            }

            assertThat(client.get(1001, "/").response(1001).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeadThatDripsInIsCutOff(Listener listener) throws Exception {
        byte[] head = RawHttp2.frameBytes(
                RawHttp2.HEADERS,
                RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                1,
                RawHttp2.block(RawHttp2.request("GET", "/", "x-long", "x".repeat(1000))));

        try (RawHttp2 client = listener.connect()) {
            assertCutOffWhileItDrips(client, head);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeadThatDripsInOverManyFramesIsCutOff(Listener listener) throws Exception {
        try (RawHttp2 client = listener.connect()) {
            client.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.block(RawHttp2.request("GET", "/")));
            byte[] more = RawHttp2.frameBytes(RawHttp2.CONTINUATION, 0, 1, RawHttp2.block("a", "b"));
            ScheduledFuture<?> drip = clock.scheduleAtFixedRate(() -> send(client, more), 0, 50, TimeUnit.MILLISECONDS);

            assertThat(client.closed()).isTrue();
            drip.cancel(false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIdleConnectionIsEndedInDueForm(Listener listener) throws Exception { // behaviour 57
        try (RawHttp2 client = listener.connect()) {
            assertThat(client.await(RawHttp2.GOAWAY).error()).isZero();
            assertThat(client.closed()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatWaitsForAnAnswerIsNotIdle(Listener listener) throws Exception {
        answer = exchange -> {
            await().pollDelay(2, TimeUnit.SECONDS).until(() -> true); // twice the limit
            exchange.write(OK);
        };

        try (RawHttp2 client = listener.connect()) {
            assertThat(client.get(1, "/").response(1).status()).isEqualTo(200);
        }
    }

    private interface Step {
        void send(int stream) throws IOException;
    }

    /** Repeats {@code step} on ever new streams until the proxy has had enough. */
    private static void assertCutOff(RawHttp2 client, Step step) throws IOException {
        try {
            for (int stream = 3; stream < 20_000; stream += 2) {
                step.send(stream);
            }
        } catch (IOException cutOff) {
            return;
        }
        assertThat(client.await(RawHttp2.GOAWAY).error()).isIn(ENHANCE_YOUR_CALM, PROTOCOL_ERROR, REFUSED_STREAM);
        assertThat(client.closed()).isTrue();
    }

    private static void assertCutOffWhileItDrips(RawHttp2 client, byte[] bytes) throws IOException {
        int[] sent = new int[1];
        ScheduledFuture<?> drip = clock.scheduleAtFixedRate(
                () -> send(client, new byte[] {bytes[sent[0]++]}), 0, 20, TimeUnit.MILLISECONDS);

        assertThat(client.closed()).isTrue();
        assertThat(sent[0]).isGreaterThan(2).isLessThan(bytes.length);
        drip.cancel(false);
    }

    private static void send(RawHttp2 client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e); // ends the schedule
        }
    }
}
