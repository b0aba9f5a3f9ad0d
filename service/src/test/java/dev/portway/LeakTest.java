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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges broken off wherever it may happen, by whichever side: nothing of them is left. */
final class LeakTest {

    /** {@code -Dportway.leak.exchanges=100000} for a long run. */
    private static final int EXCHANGES = Integer.getInteger("portway.leak.exchanges", 2_000);

    private static final int CLIENTS = 8;
    private static final String REQUEST =
            "POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3000\r\n\r\n" + "x".repeat(3000);
    private static final String TUNNEL =
            "GET /tunnel HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String STREAM = "GET /stream HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String EVENT = "data: " + "z".repeat(100) + "\n\n";
    private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n" + "y".repeat(3000);

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void leavesNothingBehind() throws Exception {
        try (Origin origin = Origin.answering(LeakTest::answerOrNot);
                ProxyHarness proxy =
                        ProxyHarness.withRoutes("[{ \"id\": \"only\", \"target\": \"" + origin.url() + "\" }]")) {
            breakOff(proxy, 50); // so that threads, pools and classes are there
            int threads = proxyThreads();
            await().untilAsserted(() -> assertThat(gauge(proxy, "in-flight")).isZero());
            long buffers = gauge(proxy, "buffers.in-use");

            breakOff(proxy, EXCHANGES);

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
            assertThat(proxyThreads()).isLessThanOrEqualTo(threads + 8);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(origin.open()).isLessThan(64));
            try (RawClient client = proxy.connect()) {
                client.send("GET /well HTTP/1.1\r\nHost: a.test\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
    }

    private static void breakOff(ProxyHarness proxy, int exchanges) {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(CompletableFuture.runAsync(
                    () -> {
                        RandomGenerator random = ThreadLocalRandom.current();
                        for (int done = 0; done < exchanges / CLIENTS; done++) {
                            breakOff(proxy, random);
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

    private static long count(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    /** All but those of the test, and of the server's pool, which has bounds of its own. */
    private static int proxyThreads() {
        return (int) (Thread.getAllStackTraces().size() - count("leak-client") - count("origin-") - count("dw-"));
    }

    private static JsonNode json(ProxyHarness proxy, String path) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", path, null).body());
    }
}
