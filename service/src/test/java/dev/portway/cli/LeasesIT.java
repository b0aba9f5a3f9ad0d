package dev.portway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes that lease and die, and the packaged proxy killed itself. {@code ops/bench/leases} does it for a minute. */
@DisabledOnOs(OS.WINDOWS) // the tools are shell scripts
class LeasesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOOLS = 12;
    private static final Duration LONGEST_TTL = Duration.ofSeconds(2);

    /** Leases, renews twice and gives back, again and again, until it is killed. */
    private static final String TOOL = """
            while :; do
              curl -s -o /dev/null -X PUT "$ADMIN/routes/$ID?ttl=2s&owner=$$" -d host=$ID.localhost -d target=4000
              curl -s -o /dev/null -X POST "$ADMIN/routes/$ID/renew?owner=$$"
              sleep 0.2
              curl -s -o /dev/null -X POST "$ADMIN/routes/$ID/renew?owner=$$"
              curl -s -o /dev/null -X DELETE "$ADMIN/routes/$ID?owner=$$"
            done
            """;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer backend;
    private Path file;
    private String config;

    @BeforeEach
    void begin() throws IOException {
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("hi".getBytes(UTF_8));
            exchange.close();
        });
        backend.start();
        config = """
                { "proxy": {"port": 0, "admin": {"port": 0}},
                  "routes": [ { "id": "steady",   "path": "/", "target": "http://127.0.0.1:%d" } ],
                  "default": { "target": null } }
                """.formatted(backend.getAddress().getPort());
        file = Files.writeString(folder.resolve("config.json"), config);
    }

    @AfterEach
    void end() {
        backend.stop(0);
    }

    @Test
    void toolsThatAreKilledLeaveNothingBehind() throws Exception {
        List<Process> tools = new ArrayList<>();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean over = new AtomicBoolean();
        int leased = 0;
        Random dice = new Random(6);
        try (Launched proxy = start()) {
            Matcher ready = ready(proxy);
            Thread load = new Thread(() -> load(ready.group(1), over, wrong), "load");
            load.start();
            for (int i = 0; i < TOOLS; i++) {
                tools.add(tool(i, ready.group(2)));
            }

            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
            while (System.nanoTime() < deadline) {
                int victim = dice.nextInt(TOOLS);
                assertThat(tools.get(victim).waitFor(100, TimeUnit.MILLISECONDS))
                        .as("a tool ended by itself")
                        .isFalse();
                tools.set(victim, replaced(tools.get(victim), victim, ready.group(2)));
                leased += ids(ready.group(2)).size() - 1;
            }
            tools.forEach(Process::destroyForcibly);
            for (Process tool : tools) {
                tool.waitFor();
            }

            await().atMost(LONGEST_TTL.plusSeconds(2))
                    .until(() -> ids(ready.group(2)).equals(List.of("steady")));
            over.set(true);
            load.join();
            assertThat(wrong).isEmpty();
            assertThat(leased).isPositive();
            assertThat(file).hasContent(config);
        } finally {
            over.set(true);
            tools.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void leasesAndHistoryOutliveAKill() throws Exception {
        try (Launched proxy = start()) {
            String admin = ready(proxy).group(2);
            send(admin, "PUT", "/routes/app?ttl=60s&owner=vite", "{\"host\":\"app.localhost\",\"target\":4000}", 201);
            send(admin, "PUT", "/routes/web", "{\"host\":\"web.localhost\",\"target\":4001}", 201);
            send(admin, "PATCH", "/routes/steady", "{\"metadata\":{\"a\":\"b\"}}", 200);
            ProcessHandle.of(proxy.pid()).orElseThrow().destroyForcibly();
            proxy.awaitEnd();
        }

        try (Launched again = start()) {
            String admin = ready(again).group(2);

            assertThat(ids(admin)).containsExactly("steady", "web", "app");
            send(admin, "POST", "/undo", "", 200);
            send(admin, "POST", "/undo", "", 200);
            assertThat(Files.readString(file)).isEqualTo(config);
            assertThat(ids(admin)).containsExactly("steady", "app");
            send(admin, "POST", "/undo", "", 404);
        }
    }

    private Launched start() throws IOException {
        return Launched.proxy(folder, "start", "-c", file.toString());
    }

    private static Matcher ready(Launched proxy) {
        return proxy.awaitLine("^ready: ([^,\\s]+), admin ([^,\\s]+)");
    }

    private static Process replaced(Process tool, int number, String admin) throws Exception {
        tool.destroyForcibly().waitFor();
        return tool(number, admin);
    }

    private static Process tool(int number, String admin) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", TOOL)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("ADMIN", admin);
        builder.environment().put("ID", "t" + number);
        return builder.start();
    }

    private void load(String url, AtomicBoolean over, List<String> wrong) {
        while (!over.get()) {
            try {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200 || !answer.body().equals("hi")) {
                    wrong.add(answer + answer.body());
                }
            } catch (IOException | InterruptedException e) {
                wrong.add(e.toString());
            }
        }
    }

    private List<String> ids(String admin) throws Exception {
        List<String> ids = new ArrayList<>();
        for (JsonNode route : JSON.readTree(send(admin, "GET", "/routes", "", 200))) {
            ids.add(route.path("id").asText());
        }
        return ids;
    }

    private String send(String admin, String method, String path, String body, int status) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(admin + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.setHeader("Content-Type", "application/json");
        }
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }
}
