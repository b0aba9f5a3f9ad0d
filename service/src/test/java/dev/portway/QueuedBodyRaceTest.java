package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** A body that grows too large in the moment in which its request gets a place at its backend. */
final class QueuedBodyRaceTest {

    private static final int TURNS = 20;

    /** One answer of the origin for each permit. */
    private final Semaphore answers = new Semaphore(0);

    @Test
    void isRefusedWhicheverComesFirstAndLeavesThePlaceToOthers() throws Exception {
        try (Origin origin = Origin.answering(this::answer);
                ProxyHarness proxy =
                        ProxyHarness.with("\"limits\": { \"eventLoops\": 1 }", """
                        [ { "id": "queued", "targets": [{ "url": "%s", "maxConcurrent": 1 }],
                            "queue": { "requests": 10, "wait": "20s" }, "filter": { "maxBody": "10B" } } ]
                        """.formatted(origin.url()))) {
            for (int turn = 0; turn < TURNS; turn++) {
                try (RawClient served = proxy.connect();
                        RawClient waiting = proxy.connect()) {
                    served.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                    origin.take();
                    waiting.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n");
                    awaitQueued(proxy, 1);

                    answers.release();
                    waiting.send("10\r\n0123456789abcdef\r\n0\r\n\r\n");

                    assertThat(waiting.readHead().status()).as("turn %s", turn).isEqualTo(413);
                    assertThat(served.read().status()).as("turn %s", turn).isEqualTo(200);
                }
                awaitQueued(proxy, 0);
                origin.forget();
                answers.drainPermits();
            }
        }
    }

    private void answer(Origin.Exchange exchange) throws IOException {
        exchange.readBody();
        Held.until(answers);
        exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }

    private static void awaitQueued(ProxyHarness proxy, int count) {
        await().pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(
                                proxy.admin("GET", "/prometheus", null).body().lines())
                        .contains("portway_requests_queued " + count + ".0"));
    }
}
