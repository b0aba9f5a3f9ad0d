package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Writing routes and reloading the file while traffic flows: the bars of the issue that asked for it. */
final class AdminUnderLoadIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WRITERS = 4;
    private static final int ROUTES_EACH = 125; // added and removed: 1,000 writes in all

    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

    @Test
    void losesNoWriteAndFailsNoRequestUnderAThousandWrites() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Origin origin = Origin.replying(200, "hi");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [ { "id": "steady", "path": "/steady", "target": "%s" } ]""".formatted(origin.url()))) {
            AtomicInteger served = new AtomicInteger();
            Future<?> load = threads.submit(() -> load(proxy, served));
            Future<?> reader = threads.submit(() -> readFile(proxy));
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                writers.add(threads.submit(() -> write(proxy, origin, writer)));
            }
            for (Future<?> writer : writers) {
                writer.get(4, TimeUnit.MINUTES);
            }
            stop.set(true);
            load.get(1, TimeUnit.MINUTES);
            reader.get(1, TimeUnit.MINUTES);

            assertThat(wrong).isEmpty();
            assertThat(served.get()).isPositive();
            Set<String> kept = new TreeSet<>(Set.of("steady"));
            for (int writer = 0; writer < WRITERS; writer++) {
                kept.add("w" + writer + "-last");
            }
            assertThat(idsIn(JSON.readTree(proxy.file().toFile()).get("routes")))
                    .isEqualTo(kept);
            assertThat(idsIn(JSON.readTree(proxy.admin("GET", "/routes", null).body())))
                    .isEqualTo(kept);
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
    }

    @Test
    void breaksNoStreamOfARouteThatDidNotChange() throws Exception {
        Origin.Answer ticking = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (!stop.get()) {
                exchange.write("8\r\ndata: t\n\r\n");
                await().pollDelay(Duration.ofMillis(20)).until(() -> true);
            }
            exchange.write("0\r\n\r\n");
        };
        try (Origin stream = Origin.answering(ticking);
                Origin other = Origin.replying(200, "other");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [ { "id": "stream", "path": "/stream", "target": "%s" } ]""".formatted(stream.url()));
                RawClient client = proxy.connect()) {
            client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(200);
            for (int i = 0; i < 20; i++) {
                String route = "{ \"id\": \"r\", \"path\": \"/r\", \"target\": \"%s\" }".formatted(other.url());
                assertThat(proxy.admin("PUT", "/routes/r", route).statusCode()).isIn(200, 201);
                assertThat(proxy.get("/r").statusCode()).isEqualTo(200);
                assertThat(client.line()).isEqualTo("8");
                assertThat(client.line()).isEqualTo("data: t");
                assertThat(client.line()).isEmpty();
                Files.writeString(
                        proxy.file(), Files.readString(proxy.file()).replace("\"r\"", i % 2 == 0 ? "\"r\" " : "\"r\""));
                assertThat(proxy.admin("POST", "/reload", null).statusCode()).isEqualTo(200);
                assertThat(proxy.admin("DELETE", "/routes/r", null).statusCode())
                        .isEqualTo(204);
                assertThat(proxy.get("/r").statusCode()).isEqualTo(404);
            }
            stop.set(true);

            String line = client.line();
            while (!line.equals("0")) {
                line = client.line();
            }
            assertThat(stream.used()).isEqualTo(1);
        }
    }

    private void write(ProxyHarness proxy, Origin origin, int writer) {
        try {
            for (int i = 0; i < ROUTES_EACH; i++) {
                String id = "w" + writer + "-" + (i == ROUTES_EACH - 1 ? "last" : i);
                String route =
                        "{ \"id\": \"%s\", \"path\": \"/%s\", \"target\": \"%s\" }".formatted(id, id, origin.url());
                expect(201, proxy.admin("POST", "/routes", route), "adding " + id);
                expect(200, proxy.get("/" + id), "using " + id);
                if (i < ROUTES_EACH - 1) {
                    expect(204, proxy.admin("DELETE", "/routes/" + id, null), "removing " + id);
                    expect(404, proxy.get("/" + id), "using removed " + id);
                }
            }
        } catch (Exception e) {
            wrong.add("writer " + writer + ": " + e);
        }
    }

    private void expect(int status, HttpResponse<String> response, String what) {
        if (response.statusCode() != status) {
            wrong.add(what + ": " + response.statusCode() + " " + response.body());
        }
    }

    private void load(ProxyHarness proxy, AtomicInteger served) {
        try (RawClient client = proxy.connect()) {
            while (!stop.get()) {
                RawClient.Response response =
                        client.send("GET /steady HTTP/1.1\r\nHost: a\r\n\r\n").read();
                if (response.status() != 200 || !response.text().equals("hi")) {
                    wrong.add("steady: " + response);
                }
                served.incrementAndGet();
            }
        } catch (IOException e) {
            wrong.add("steady: " + e);
        }
    }

    private void readFile(ProxyHarness proxy) {
        while (!stop.get()) {
            try {
                idsIn(JSON.readTree(Files.readString(proxy.file())).get("routes"));
            } catch (IOException | RuntimeException e) {
                wrong.add("file: " + e);
            }
        }
    }

    private static Set<String> idsIn(JsonNode routes) {
        Set<String> ids = new TreeSet<>();
        for (JsonNode route : routes) {
            ids.add(route.get("id").asText());
        }
        return ids;
    }
}
