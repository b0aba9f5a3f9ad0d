package dev.portway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portway.api.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a lease does about a server that forgets, refuses, breaks or is away. */
class LeaseTest {

    private static final Duration TTL = Duration.ofSeconds(1);
    private static final Route WEB =
            Route.builder().host("web.localhost").target(3000).build();

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile int renewal = 200;
    private volatile int registration = 201;
    private HttpServer server;
    private PortwayClient client;

    @BeforeEach
    void start() throws IOException {
        server = serving(0);
        client = PortwayClient.builder()
                .admin("127.0.0.1:" + server.getAddress().getPort())
                .owner("me & co")
                .timeout(Duration.ofSeconds(2))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void registersRenewsAndRemoves() throws Exception {
        try (Lease lease = client.routes().lease(WEB, TTL)) {
            assertThat(lease.route().id()).isEqualTo("web.localhost");
            assertThat(lease.alive()).isTrue();
            assertThat(next()).isEqualTo("PUT /routes/web.localhost?ttl=1s&owner=me%20%26%20co");
            assertThat(next()).isEqualTo("POST /routes/web.localhost/renew?ttl=1s&owner=me%20%26%20co");
            assertThat(next()).startsWith("POST /routes/web.localhost/renew");
            lease.close();

            assertThat(lease.alive()).isFalse();
        }

        assertThat(next()).startsWith("DELETE /routes/web.localhost").endsWith("If-Match: \"1\"");
        assertThat(requests.poll(500, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void registersAgainWhatWasForgotten() throws Exception {
        try (Lease lease = client.routes().lease(WEB, TTL, new Listening())) {
            next();
            renewal = 404;

            String request = next();
            while (request.startsWith("POST ")) { // the first may have been answered before
                request = next();
            }
            assertThat(request).startsWith("PUT ");
            for (int i = 0; i < 20 && !lease.alive(); i++) {
                next(); // the answer is on its way, or came late
            }
            assertThat(lease.alive()).isTrue();
            assertThat(events).isEmpty();
        }
    }

    @Test
    void saysOnceThatItFailsAndThatItIsBack() throws Exception {
        long begun = System.nanoTime();
        try (Lease lease = client.routes().lease(WEB, TTL, new Listening())) {
            renewal = 503;

            assertThat(event()).startsWith("failed: ServerFaultException");
            assertThat(lease.alive() || System.nanoTime() - begun >= TTL.toNanos())
                    .isTrue(); // on a slow machine it may have ended since
            assertThat(lease.failure()).isPresent();
            next();
            next();
            next();
            next();
            renewal = 200;
            assertThat(event()).isEqualTo("restored");
            assertThat(lease.failure()).isEmpty();
            assertThat(lease.alive()).isTrue();
        }
    }

    @Test
    void isNotAliveWhileAnotherOwnerHasTheId() throws Exception {
        try (Lease lease = client.routes().lease(WEB, TTL, new Listening())) {
            renewal = 409;

            assertThat(event()).startsWith("failed: ConflictException");
            assertThat(lease.alive()).isFalse();
            renewal = 404;
            assertThat(event()).isEqualTo("restored");
            assertThat(lease.alive()).isTrue();
        }
    }

    @Test
    void comesBackWithTheServer() throws Exception {
        try (Lease lease = client.routes().lease(WEB, TTL, new Listening())) {
            int port = server.getAddress().getPort();
            server.stop(0);

            assertThat(event()).startsWith("failed: UnreachableException");
            renewal = 404;
            server = serving(port);
            assertThat(event()).isEqualTo("restored");
            assertThat(lease.alive()).isTrue();
        }
    }

    @Test
    void closesWithoutAWordWhereTheServerIsGone() {
        Lease lease = client.routes().lease(WEB, TTL);
        server.stop(0);

        lease.close();
        lease.close();

        assertThat(lease.alive()).isFalse();
    }

    @Test
    void endsWithItsClientAndLeavesNoThread() throws Exception {
        Lease lease = client.routes().leaseAsync(WEB, TTL).get();
        next();

        client.close();

        assertThat(next()).startsWith("DELETE ");
        assertThat(lease.alive()).isFalse();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("portway-client"));
    }

    @Test
    void isNotThereWhereItIsRefused() {
        registration = 409;

        assertThatThrownBy(() -> client.routes().lease(WEB, TTL))
                .isInstanceOf(ConflictException.class)
                .hasMessage("Do this.");
        assertThatThrownBy(() -> client.routes().lease(WEB, Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private HttpServer serving(int port) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        http.createContext("/", this::answer);
        http.start();
        return http;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String tag = exchange.getRequestHeaders().getFirst("If-Match");
        requests.add(method + " " + exchange.getRequestURI() + (tag == null ? "" : " If-Match: " + tag));
        int status = switch (method) {
            case "PUT" -> registration;
            case "POST" -> renewal;
            default -> 204;
        };
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("ETag", "\"1\"");
        String body = status < 300
                ? "{\"id\":\"web.localhost\",\"source\":\"lease\"}"
                : "{\"type\":\"urn:x\",\"title\":\"T\",\"detail\":\"Do this.\"}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, status == 204 ? -1 : bytes.length);
        if (status != 204) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private String next() throws InterruptedException {
        return String.valueOf(requests.poll(10, TimeUnit.SECONDS));
    }

    private String event() throws InterruptedException {
        return String.valueOf(events.poll(10, TimeUnit.SECONDS));
    }

    private final class Listening implements LeaseListener {

        @Override
        public void failed(Lease lease, PortwayException failure) {
            events.add("failed: " + failure.getClass().getSimpleName());
        }

        @Override
        public void restored(Lease lease) {
            events.add("restored");
        }
    }
}
