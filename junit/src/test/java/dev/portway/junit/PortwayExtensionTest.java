package dev.portway.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.portway.Exchange;
import dev.portway.Portway;
import dev.portway.client.PortwayClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PortwayExtensionTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final HttpServer BACKEND = backend();
    private static final Portway RUNNING = Portway.builder().admin(0).start();
    private static final Set<String> IDS = ConcurrentHashMap.newKeySet();

    @RegisterExtension
    static final PortwayExtension PORTWAY = new PortwayExtension(Map.of());

    @AfterAll
    static void stop() {
        BACKEND.stop(0);
        RUNNING.close();
    }

    @Test
    void everyExampleOnThePageIsOneThatIsRun() throws IOException {
        Path page = Path.of("../docs/testing.md");
        String run = plain(Files.readString(Path.of("src/test/java/dev/portway/junit/PortwayExtensionTest.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page))
                .results()
                .map(block -> plain(block.group(1)))
                .toList();

        assertThat(shown).isNotEmpty().allSatisfy(example -> assertThat(run).contains(example));
    }

    @Test
    void recordsTheExchangesOfARoute(TestRoutes routes) throws Exception {
        TestRoute api = routes.to(BACKEND.getAddress().getPort());
        TestRoute other = routes.to(BACKEND.getAddress().getPort());

        assertThat(get(api.url().resolve("orders/7"))).isEqualTo("/orders/7");
        assertThat(get(api.url().resolve("missing"))).isEqualTo("no");

        assertThat(api.await(2)).extracting(Exchange::status).containsExactly(200, 404);
        assertThat(api.exchanges().get(0).path()).endsWith("/orders/7");
        assertThat(other.exchanges()).isEmpty();
    }

    @Test
    void asTheDocumentationHasIt(TestRoutes routes) throws Exception {
        int port = BACKEND.getAddress().getPort();

        TestRoute api = routes.to(port);

        get(api.url().resolve("orders/7"));

        Exchange seen = api.await(1).get(0);
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.path()).endsWith("/orders/7");
    }

    @RepeatedTest(8)
    void testsAtTheSameTimeSeeTheirOwn(TestRoutes routes) throws Exception {
        TestRoute api = routes.to(BACKEND.getAddress().getPort());

        for (int i = 0; i < 20; i++) {
            get(api.url().resolve("x" + i));
        }

        assertThat(api.await(20)).hasSize(20);
        assertThat(IDS.add(api.id())).isTrue();
    }

    @Test
    void whatNeverComesFails(TestRoutes routes) {
        TestRoute api = routes.to(BACKEND.getAddress().getPort());

        assertThatThrownBy(() -> api.await(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 exchanges expected");
    }

    @Test
    void goesThroughARunningProxyAndLeavesNothingThere() throws Exception {
        Map<String, String> environment = Map.of(
                "PORTWAY_ADMIN", RUNNING.adminUrl().orElseThrow().toString(),
                "PORTWAY_URL", RUNNING.url().toString());
        try (TestProxy proxy = TestProxy.start(environment);
                PortwayClient steering =
                        PortwayClient.builder().environment(environment).build()) {
            TestRoutes routes = new TestRoutes(proxy);
            TestRoute api = routes.to(BACKEND.getAddress().getPort());

            assertThat(api.url().getPort()).isEqualTo(RUNNING.url().getPort());
            assertThat(get(api.url().resolve("a"))).isEqualTo("/a");
            assertThat(api.await(1)).hasSize(1);
            assertThat(steering.routes().list()).singleElement().satisfies(route -> {
                assertThat(route.id()).isEqualTo(api.id());
                assertThat(route.source()).isEqualTo("lease");
            });
            routes.close();
            assertThat(steering.routes().list()).isEmpty();
        }
    }

    private static String get(URI url) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                .body();
    }

    /** Without what the place of a line in a file decides. */
    private static String plain(String code) {
        return code.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce("", (before, line) -> before + "\n" + line);
    }

    /** Answers with the path. */
    private static HttpServer backend() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                String path = exchange.getRequestURI().getPath();
                boolean known = !path.equals("/missing");
                byte[] body = (known ? path : "no").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(known ? 200 : 404, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
