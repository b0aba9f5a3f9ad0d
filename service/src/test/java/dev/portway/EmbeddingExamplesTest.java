package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.cli.Markdown;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/embedding.md, run. */
class EmbeddingExamplesTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Path SOURCES = REPOSITORY.resolve("service/src/test/java/dev/portway");

    @Test
    void everyExampleOnThePageIsOneThatIsRun() throws IOException {
        List<String> shown =
                Markdown.read(REPOSITORY.resolve("docs/embedding.md")).texts("java");
        String run = plain(Files.readString(SOURCES.resolve("EmbeddingExamplesTest.java"))
                + Files.readString(SOURCES.resolve("ProxyBundleTest.java")));

        assertThat(shown).isNotEmpty().allSatisfy(example -> assertThat(run).contains(plain(example)));
    }

    @Test
    void startsAProxy() throws Exception {
        try (Origin api = Origin.replying(200, "api");
                Origin web = Origin.replying(200, "web")) {
            int webPort = web.port();
            String apiUrl = api.url();

            try (Portway portway = Portway.builder()
                    .port(0)
                    .route("/api", apiUrl)
                    .route("web.localhost", webPort)
                    .start()) {
                System.out.println("listening on " + portway.url());

                assertThat(get(portway.url().resolve("/api"))).isEqualTo("api");
            }
        }
    }

    @Test
    void changesItsRoutes() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder().start()) {
            String target = origin.url();

            String id = portway.addRoute("/shop", target);
            portway.addRoute("""
                { "id": "orders", "path": "/orders", "target": "%s", "timeouts": { "response": "5s" } }
                """.formatted(target));
            assertThat(get(portway.url().resolve("/orders"))).isEqualTo("hi");
            portway.removeRoute(id);

            assertThat(portway.routeIds()).containsExactly("orders");
        }
    }

    @Test
    void takesAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("portway.json"), """
            { "proxy": { "port": 8080 }, "routes": [], "default": { "target": null } }\
            """);

        try (Portway portway = Portway.builder().file(file).port(0).admin(0).start()) {
            System.out.println("steered at " + portway.adminUrl().orElseThrow());
        }
    }

    @Test
    void saysWhatIsWrong() {
        String target = "localhost";

        try (Portway portway = Portway.builder().route("/api", target).start()) {
            System.out.println("listening on " + portway.url());
        } catch (PortwayException refused) {
            refused.problems().forEach(System.out::println);

            assertThat(refused.problems()).hasSize(1);
        }
    }

    @Test
    void tellsOfExchanges() throws Exception {
        try (Origin origin = Origin.replying(200, "hi")) {
            String target = origin.url();

            List<String> seen = new CopyOnWriteArrayList<>();
            try (Portway portway = Portway.builder()
                    .route("/api", target)
                    .onExchange(
                            exchange -> seen.add(exchange.method() + " " + exchange.path() + " " + exchange.status()))
                    .start()) {
                get(portway.url().resolve("/api/orders"));
            }

            Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactly("GET /api/orders 200"));
        }
    }

    @Test
    void forwardsACallWithWhatItChanges() throws Exception {
        try (Origin origin = Origin.replying(200, "hi")) {
            String target = origin.url();

            try (Portway portway = Portway.builder()
                    .route("/orders", target)
                    .handler((request, response, callback, forwarder) -> {
                        if (!request.getHttpURI().getPath().equals("/orders/latest")) {
                            return false; // goes the usual way
                        }
                        forwarder
                                .method("POST")
                                .body("{\"sort\": \"-created\", \"limit\": 1}")
                                .addHeaders(Map.of("Content-Type", "application/json"))
                                .forwardQuery(false)
                                .forward(response, callback);
                        return true;
                    })
                    .start()) {
                get(portway.url().resolve("/orders/latest?mine"));
            }

            assertThat(origin.take().requestLine()).isEqualTo("POST /orders/latest HTTP/1.1");
        }
    }

    private static String get(URI url) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                .body();
    }

    /** Without what only a test has, and what the place of a line in a file decides. */
    private static String plain(String code) {
        return code.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("assertThat"))
                .reduce("", (before, line) -> before + "\n" + line);
    }
}
