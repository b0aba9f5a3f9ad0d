package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** The moment of the second attempt (decision 124) comes while the loop has other things to do. */
final class HedgeMomentTest {

    private static final long AFTER_MILLIS = 150;
    private static final int ROUNDS = 8;

    /**
     * The first backend's answer, which has another one asked, and the loop's next task are ready at once, and that task goes on
     * beyond the moment. Which of the two the loop takes first is chance: it is this one in half of the rounds.
     */
    @Test
    void asksNobodyBesideTheOneThatWasAskedInstead() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            AtomicInteger asked = new AtomicInteger();
            CountDownLatch first = new CountDownLatch(1);
            CountDownLatch written = new CountDownLatch(1);
            CountDownLatch others = new CountDownLatch(1);
            Origin.Answer answer = exchange -> {
                if (asked.incrementAndGet() == 1) {
                    Held.until(first);
                    exchange.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
                    written.countDown();
                } else {
                    Held.until(others);
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            };
            Gate one = new Gate();
            Gate two = new Gate();
            Map<String, Gate> gates = Map.of("/one", one, "/two", two);
            try (Origin a = Origin.answering(answer);
                    Origin b = Origin.answering(answer);
                    Origin c = Origin.answering(answer);
                    Portway portway = started(gates, a, b, c);
                    RawClient client = RawClient.to(portway.url());
                    RawClient holding = RawClient.to(portway.url());
                    RawClient holdingOn = RawClient.to(portway.url())) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                await().until(() -> asked.get() == 1);
                final long began = System.nanoTime();
                holding.send("GET /one HTTP/1.1\r\nHost: h\r\n\r\n");
                Held.until(one.entered);
                first.countDown();
                Held.until(written);
                holdingOn.send("GET /two HTTP/1.1\r\nHost: h\r\n\r\n");
                boolean inTime = millisSince(began) < AFTER_MILLIS / 2; // else the moment was before all that
                one.open.countDown();
                Held.until(two.entered);
                await().until(() -> millisSince(began) > 2 * AFTER_MILLIS);
                two.open.countDown();
                assertThat(holding.read().status()).isEqualTo(204);
                assertThat(holdingOn.read().status()).isEqualTo(204);

                await().until(() -> asked.get() >= 2);
                // By another turn of the loop all that was put off has been done.
                assertThat(holding.send("GET /one HTTP/1.1\r\nHost: h\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo(204);
                assertThat(holding.send("GET /two HTTP/1.1\r\nHost: h\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo(204);
                if (inTime) {
                    assertThat(asked).hasValue(2);
                }
                others.countDown();
                assertThat(client.read().text()).isEqualTo("ok");
            } finally {
                others.countDown();
                first.countDown();
            }
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static Portway started(Map<String, Gate> gates, Origin... backends) {
        String targets = "";
        for (Origin backend : backends) {
            targets += (targets.isEmpty() ? "'" : ", '") + backend.url() + "'";
        }
        String config = """
                { 'proxy': { 'port': 0, 'limits': { 'eventLoops': 1 } }, 'default': { 'target': null },
                  'logging': { 'access': false },
                  'routes': [ { 'id': 'all', 'targets': [%s], 'ejection': false,
                    'retry': { 'statuses': [503], 'budget': 100, 'hedge': { 'after': '%dms' } } } ] }
                """.formatted(targets, AFTER_MILLIS).replace('\'', '"');
        return Portway.builder()
                .json(config)
                .admin(false)
                .handler((request, response, callback, forwarder) -> pass(gates, request, response, callback))
                .start();
    }

    private static boolean pass(Map<String, Gate> gates, Request request, Response response, Callback callback)
            throws Exception {
        Gate gate = gates.get(request.getHttpURI().getPath());
        if (gate == null) {
            return false;
        }
        gate.entered.countDown();
        Held.until(gate.open);
        response.setStatus(204);
        callback.succeeded();
        return true;
    }

    /** What holds the loop, whose thread it is that passes here. */
    private static final class Gate {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
    }
}
