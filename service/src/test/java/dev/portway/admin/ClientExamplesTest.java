package dev.portway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portway.api.ChangeView;
import dev.portway.api.ExplainView;
import dev.portway.api.Route;
import dev.portway.client.Backends;
import dev.portway.client.InvalidException;
import dev.portway.client.Lease;
import dev.portway.client.PortwayClient;
import dev.portway.client.PortwayException;
import dev.portway.client.PreconditionFailedException;
import dev.portway.client.Tagged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs the examples of the client's README and Javadoc: each of them stands in this file or in {@link ClientQuickStart}, word
 * for word.
 */
class ClientExamplesTest {

    private static final Path MODULE = Path.of("../api-client");
    private static final Pattern FENCED = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)}</pre>", Pattern.DOTALL);

    @Test
    void everyExampleIsRun() throws Exception {
        String run = words(Files.readString(Path.of("src/test/java/dev/portway/admin/ClientExamplesTest.java")))
                + words(Files.readString(Path.of("src/test/java/dev/portway/admin/ClientQuickStart.java")));
        List<String> examples = examples();

        assertThat(examples).hasSizeGreaterThan(8);
        assertThat(examples).allSatisfy(example -> assertThat(run).contains(words(example)));
    }

    @Test
    void beginsFromTheEnvironment() throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]")) {
            ProcessBuilder program = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ClientQuickStart.class.getName());
            program.environment().put("PORTWAY_ADMIN", "http://localhost:" + admin.port());
            Process process = program.redirectErrorStream(true).start();

            assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("api.localhost is unknown\n");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void beginsWithABuilder() throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]")) {
            int port = admin.port();

            PortwayClient client = PortwayClient.builder()
                    .admin("localhost:" + port)
                    .token(System.getenv("PORTWAY_TOKEN"))
                    .timeout(Duration.ofSeconds(5))
                    .build();

            assertThat(client.status().routes()).isZero();
            client.close();
        }
    }

    @Test
    void isBrief() throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]")) {
            int port = admin.port();

            try (PortwayClient client =
                    PortwayClient.builder().admin("localhost:" + port).brief().build()) {
                System.out.println(client.listeners());
            }
            PortwayClient client =
                    PortwayClient.builder().admin("localhost:" + port).brief().build();
            client.routes().add(Route.builder().path("/ü").target(1).build());

            assertThat(client.routes().list()).hasSize(1);
            assertThat(client.listeners()).hasSameSizeAs(client.status().listeners());
            client.close();
        }
    }

    @Test
    void changesRoutes() throws Exception {
        try (AdminHarness admin =
                        AdminHarness.routing("[{\"id\": \"api\", \"host\": \"api.localhost\", \"target\": 3001}]");
                PortwayClient client = client(admin)) {
            client.routes()
                    .update("api", route -> route.toBuilder().target(3002).build());

            Route shop = Route.builder()
                    .id("shop")
                    .host("shop.localhost")
                    .targets(9001, 9002)
                    .set("loadBalancing", "least-latency")
                    .set("health", Map.of("path", "/up", "interval", "5s"))
                    .build();
            client.routes().put(shop);

            CompletableFuture<Integer> count = client.routes().listAsync().thenApply(List::size);

            assertThat(count.get()).isEqualTo(2);
            assertThat(client.routes().get("api").targets()).containsExactly("http://localhost:3002");
        }
    }

    @Test
    void takesBackAChange() throws Exception {
        try (AdminHarness admin =
                        AdminHarness.routing("[{\"id\": \"api\", \"host\": \"api.localhost\", \"target\": 3001}]");
                PortwayClient client = client(admin)) {
            client.routes().delete("api");

            ChangeView change = client.undo();
            System.out.println(change.summary());
            client.history().forEach(each -> System.out.println(each.number() + " " + each.summary()));

            assertThat(change.added()).containsExactly("api");
            assertThat(client.undoAsync(change.number()).get().removed()).containsExactly("api");
            assertThat(client.undo(3).undoes()).isEqualTo(3);
            assertThat(client.historyAsync().get()).isEqualTo(client.history()).hasSize(4);
        }
    }

    @Test
    void takesBackAChangeIfItWasTheLast() throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]");
                PortwayClient client = client(admin)) {
            client.routes()
                    .add(Route.builder()
                            .id("api")
                            .host("api.localhost")
                            .target(3001)
                            .build());
            String before = client.status().revision();
            client.routes()
                    .update("api", route -> route.toBuilder().target(3002).build());

            assertThatThrownBy(() -> client.undo(2, before)).isInstanceOf(PreconditionFailedException.class);
            assertThat(client.undoAsync(2, before)).failsWithin(Duration.ofSeconds(5));
            Tagged<List<ChangeView>> history = client.taggedHistory();
            client.undo(history.value().get(0).number(), history.etag());

            assertThat(client.routes().get("api").targets()).containsExactly("http://localhost:3001");
            assertThat(client.taggedHistoryAsync().get().value()).hasSize(3);
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]");
                PortwayClient client = client(admin)) {
            try {
                client.routes()
                        .add(Route.builder()
                                .host("api.localhost")
                                .target(99_999)
                                .build());
            } catch (InvalidException e) {
                e.entries().forEach(entry -> System.err.println(entry.pointer() + " " + entry.message()));
            } catch (PortwayException e) {
                System.err.println(e.getMessage());
            }

            assertThat(client.routes().list()).isEmpty();
        }
    }

    @Test
    void drainsAndExplains() throws Exception {
        try (AdminHarness admin =
                        AdminHarness.routing("[{\"id\": \"api\", \"host\": \"api.localhost\", \"target\": 3001}]");
                PortwayClient client = client(admin)) {
            client.backends().set("localhost:3001", Backends.State.DRAIN);
            ExplainView explained = client.explain("http://api.localhost/v1/users");
            System.out.println(explained.route() + " " + explained.destinations());

            assertThat(explained.route()).isEqualTo("api");
        }
    }

    @Test
    void leasesARoute() throws Exception {
        try (AdminHarness admin = AdminHarness.routing("[]");
                PortwayClient client = client(admin)) {
            Route web = Route.builder().host("web.localhost").target(3000).build();
            try (Lease lease = client.routes().lease(web, Duration.ofSeconds(30))) {
                System.out.println(lease.route().id() + ": " + lease.alive());
            }

            assertThat(client.routes().list()).isEmpty();
            Lease lease = client.routes()
                    .lease(web, Duration.ofSeconds(30), (failing, failure) -> System.err.println(failure.getMessage()));
            assertThat(client.routes().get("web.localhost").source()).isEqualTo("lease");
            lease.close();
            assertThat(client.routes().list()).isEmpty();
        }
    }

    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        collect(FENCED, Files.readString(MODULE.resolve("README.md")), examples);
        try (Stream<Path> sources = Files.walk(MODULE.resolve("src/main/java"))) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                collect(JAVADOC, Files.readString(source).replaceAll("(?m)^ *\\* ?", ""), examples);
            }
        }
        return examples;
    }

    private static void collect(Pattern pattern, String text, List<String> examples) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            examples.add(matcher.group(1));
        }
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static PortwayClient client(AdminHarness admin) {
        return PortwayClient.builder().admin("localhost:" + admin.port()).build();
    }
}
