package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exchanges broken off wherever it may happen, by whichever side: nothing of them is left. */
final class LeakTest {

    /** {@code -Dportway.leak.exchanges=100000} for a long run. */
    private static final int EXCHANGES = Integer.getInteger("portway.leak.exchanges", 1_200);

    private static final int CLIENTS = 8;
    private static final List<String> OTHERS = List.of("leak-client", "origin-", "qtp", "dw-");
    private static final String REQUEST =
            "POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3000\r\n\r\n" + "x".repeat(3000);
    private static final String TUNNEL =
            "GET /tunnel HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String STREAM = "GET /stream HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String EVENT = "data: " + "z".repeat(100) + "\n\n";
    private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n" + "y".repeat(3000);

    /** Which protocol the clients speak, and which the backend. */
    enum Pairing {
        HTTP1_TO_HTTP1,
        HTTP2_TO_HTTP1,
        HTTP1_TO_HTTP2,
        HTTP2_TO_HTTP2;

        boolean clientsSpeakHttp2() {
            return this == HTTP2_TO_HTTP1 || this == HTTP2_TO_HTTP2;
        }

        boolean backendSpeaksHttp2() {
            return this == HTTP1_TO_HTTP2 || this == HTTP2_TO_HTTP2;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void leavesNothingBehind(Pairing pairing) throws Exception {
        if (pairing.backendSpeaksHttp2()) {
            try (JettyOrigin origin = JettyOrigin.clear(LeakTest::answerOrNot)) {
                leavesNothingBehind(pairing, origin.url());
            }
        } else {
            try (Origin origin = Origin.answering(LeakTest::answerOrNot)) {
                leavesNothingBehind(pairing, origin.url());
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(origin.open()).isLessThan(64));
            }
        }
    }

    private static void leavesNothingBehind(Pairing pairing, String target) throws Exception {
        try (ProxyHarness proxy = ProxyHarness.withRoutes("[{ \"id\": \"only\", \"target\": \"" + target + "\" }]")) {
            breakOff(proxy, pairing, 50); // so that threads, pools and classes are there
            int threads = proxyThreads().size();
            await().untilAsserted(() -> assertThat(gauge(proxy, "in-flight")).isZero());
            long buffers = gauge(proxy, "buffers.in-use");

            breakOff(proxy, pairing, EXCHANGES);

            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(gauge(proxy, "in-flight")).isZero();
                assertThat(gauge(proxy, "tunnels.open")).isZero();
                assertThat(gauge(proxy, "client-connections")).isZero();
                // Those that ask have buffers of their own.
                assertThat(gauge(proxy, "buffers.in-use")).isLessThanOrEqualTo(buffers + 4);
                assertThat(json(proxy, "/backends").get(0).get("inFlight").asLong())
                        .isZero();
            });
            JsonNode status = json(proxy, "/backends").get(0);
            assertThat(status.get("requests").asLong()).isGreaterThan(EXCHANGES / 4);
            assertThat(proxyThreads()).hasSizeLessThanOrEqualTo(threads + 8);
            try (RawClient client = proxy.connect()) {
                client.send("GET /well HTTP/1.1\r\nHost: a.test\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
    }

    private static void breakOff(ProxyHarness proxy, Pairing pairing, int exchanges) {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(CompletableFuture.runAsync(
                    () -> {
                        RandomGenerator random = ThreadLocalRandom.current();
                        try (BrokenStreams streams = new BrokenStreams(proxy.proxy(), random)) {
                            for (int done = 0; done < exchanges / CLIENTS; done++) {
                                if (pairing.clientsSpeakHttp2()) {
                                    streams.breakOff();
                                } else {
                                    breakOff(proxy, random);
                                }
                            }
                        }
                    },
                    command -> new Thread(command, "leak-client").start()));
        }
        clients.forEach(CompletableFuture::join);
    }

    /** Some of a request, then some of its response, then the end, in peace or by a reset. */
    private static void breakOff(ProxyHarness proxy, RandomGenerator random) {
        try (RawClient client = proxy.connect()) {
            client.socket().setSoTimeout(50); // then it leaves, too
            String request = switch (random.nextInt(4)) {
                case 0 -> TUNNEL;
                case 1 -> STREAM;
                default -> REQUEST;
            };
            boolean whole = random.nextInt(3) != 0;
            client.send(whole ? request : request.substring(0, random.nextInt(request.length())));
            if (whole && random.nextInt(3) != 0) {
                client.in().readNBytes(random.nextInt(200));
            }
            if (random.nextBoolean()) {
                client.socket().setSoLinger(true, 0);
            }
        } catch (IOException broken) {
            return; // by the backend
        }
    }

    /** The same over HTTP/2: an answer that is whole, one that breaks off, a stream, or none. */
    private static void answerOrNot(Request request, String body, Response response, Callback callback) {
        RandomGenerator random = ThreadLocalRandom.current();
        String path = request.getHttpURI().getCanonicalPath();
        if (path.equals("/well")) {
            Content.Sink.write(response, true, "well", callback);
        } else if (random.nextInt(4) == 0) {
            callback.failed(new IOException("leaves before it answers"));
        } else if (path.equals("/stream")) {
            response.getHeaders().put("Content-Type", "text/event-stream");
            Content.Sink.write(response, false, EVENT.repeat(1 + random.nextInt(5)), endOrBreakOff(random, callback));
        } else {
            Content.Sink.write(response, false, "y".repeat(random.nextInt(3000)), endOrBreakOff(random, callback));
        }
    }

    private static Callback endOrBreakOff(RandomGenerator random, Callback callback) {
        return random.nextBoolean()
                ? callback
                : Callback.from(() -> callback.failed(new IOException("leaves in the midst")), callback::failed);
    }

    private static void answerOrNot(Origin.Exchange exchange) throws IOException {
        RandomGenerator random = ThreadLocalRandom.current();
        boolean well = exchange.request().target().equals("/well");
        if (!well && random.nextInt(4) == 0) {
            throw new IOException("leaves before the body is in");
        }
        exchange.readBody();
        if (exchange.request().target().equals("/tunnel")) {
            tunnel(exchange, random);
        } else if (exchange.request().target().equals("/stream")) {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            for (int events = random.nextInt(5); events > 0; events--) {
                exchange.write(EVENT);
            }
            leaveOrWait(exchange, random);
        }
        if (well || random.nextInt(3) != 0) {
            exchange.write(RESPONSE);
            return;
        }
        exchange.write(RESPONSE.substring(0, random.nextInt(RESPONSE.length())));
        if (random.nextBoolean()) {
            exchange.socket().setSoLinger(true, 0);
        }
        throw new IOException("leaves in the midst");
    }

    /** A tunnel that says something and hears something, until either side leaves. */
    private static void tunnel(Origin.Exchange exchange, RandomGenerator random) throws IOException {
        exchange.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        exchange.write("z".repeat(random.nextInt(300)));
        leaveOrWait(exchange, random);
    }

    private static void leaveOrWait(Origin.Exchange exchange, RandomGenerator random) throws IOException {
        if (random.nextBoolean() && exchange.in().read() < 0) {
            throw new IOException("the client has left");
        }
        if (random.nextBoolean()) {
            exchange.socket().setSoLinger(true, 0);
        }
        throw new IOException("leaves first");
    }

    private static long gauge(ProxyHarness proxy, String name) throws Exception {
        return json(proxy, "/metrics").at("/gauges/portway." + name + "/value").asLong(-1);
    }

    /** All but those of the test and its backends, and of the server's pool, which has bounds of its own. */
    private static List<String> proxyThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> OTHERS.stream().noneMatch(name::startsWith))
                .toList();
    }

    private static JsonNode json(ProxyHarness proxy, String path) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", path, null).body());
    }
}
