package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that leave: the backend is told within a second, and not held to blame. */
final class LeavingTest { // behaviours 40, 41

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);

    private volatile Origin.Answer answer = exchange -> exchange.write(OK);
    private Origin origin;
    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        origin = Origin.answering(exchange -> answer.to(exchange));
        proxy = ProxyHarness.withRoutes("[{ \"id\": \"only\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void whileTheBackendThinks() throws Exception {
        answer = this::readToTheEnd;

        try (RawClient client = proxy.connect()) {
            client.send(GET);
            begun.await();
        }

        assertCancelled();
    }

    @Test
    void byAReset() throws Exception {
        answer = this::readToTheEnd;

        try (RawClient client = proxy.connect()) {
            client.send(GET);
            begun.await();
            client.socket().setSoLinger(true, 0);
        }

        assertCancelled();
    }

    @Test
    void byClosingOneHalf() throws Exception {
        answer = this::readToTheEnd;

        try (RawClient client = proxy.connect()) {
            client.send(GET);
            begun.await();
            client.socket().shutdownOutput();

            assertCancelled();
        }
    }

    @Test
    void afterAnUploadThatWasWhole() throws Exception {
        answer = exchange -> {
            exchange.readBody();
            readToTheEnd(exchange);
        };

        try (RawClient client = proxy.connect()) {
            client.send("POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\nbody");
            begun.await();
        }

        assertCancelled();
    }

    @Test
    void inTheMidstOfAnUpload() throws Exception {
        answer = this::readToTheEnd;

        try (RawClient client = proxy.connect()) {
            client.send("POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\nhalf");
            begun.await();
        }

        assertCancelled();
    }

    @Test
    void inTheMidstOfAStreamThatIsSilent() throws Exception {
        answer = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
            readToTheEnd(exchange);
        };

        try (RawClient client = proxy.connect()) {
            client.send(GET).readHead();
            begun.await();
        }

        assertCancelled();
    }

    @Test
    void inTheMidstOfADownload() throws Exception {
        answer = exchange -> {
            begun.countDown();
            try {
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n");
                byte[] block = new byte[1 << 16];
                while (true) {
                    exchange.write(block);
                }
            } finally {
                left.countDown();
            }
        };

        try (RawClient client = proxy.connect()) {
            client.send(GET).readHead();
            begun.await();
        }

        assertCancelled();
    }

    @Test
    void notByPipeliningTheNextRequest() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        answer = exchange -> {
            begun.countDown();
            if (exchange.request().target().equals("/a")) {
                awaitLatch(second);
            }
            exchange.write(OK);
        };

        try (RawClient client = proxy.connect()) {
            client.send(GET);
            begun.await();
            client.send("G");
            client.send("ET /b HTTP/1.1\r\nHost: a.test\r\n\r\n");
            second.countDown();

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(origin.take().target()).isEqualTo("/a");
        assertThat(origin.take().target()).isEqualTo("/b");
    }

    @Test
    void leavesTheConnectionOfTheBackendToNobodyElse() throws Exception {
        answer = this::readToTheEnd;
        try (RawClient client = proxy.connect()) {
            client.send(GET);
            begun.await();
        }
        assertCancelled();
        answer = exchange -> exchange.write(OK);

        assertThat(proxy.get("/b").statusCode()).isEqualTo(200);

        assertThat(origin.accepted()).isGreaterThanOrEqualTo(2);
    }

    private void assertCancelled() throws Exception {
        assertThat(left.await(SOON.toMillis(), TimeUnit.MILLISECONDS))
                .as("the backend is told")
                .isTrue();
        await().untilAsserted(() -> assertThat(metric("counters", "portway.route.only.errors.client_closed"))
                .isEqualTo(1));
        assertThat(metric("counters", "portway.route.only.requests.4xx")).isEqualTo(1);
        assertThat(metric("gauges", "portway.in-flight")).isZero();
        JsonNode backend = json("/backends").get(0);
        assertThat(backend.get("failures").asLong()).as("%s", backend).isZero();
        assertThat(backend.get("inFlight").asLong()).isZero();
    }

    private long metric(String kind, String name) throws Exception {
        JsonNode metric = json("/metrics").get(kind).get(name);
        return metric == null
                ? 0
                : metric.get(kind.equals("gauges") ? "value" : "count").asLong();
    }

    private JsonNode json(String path) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", path, null).body());
    }

    private void readToTheEnd(Origin.Exchange exchange) throws IOException {
        begun.countDown();
        try {
            exchange.in().transferTo(OutputStream.nullOutputStream());
        } finally {
            left.countDown();
        }
        throw new IOException("the proxy hung up");
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
