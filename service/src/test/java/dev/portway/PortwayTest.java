package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class PortwayTest {

    private static final String CONFIGURATION = """
            {
              "proxy": { "port": 0, "admin": { "port": 0 } },
              "routes": { "/a": "%s" },
              "default": { "target": null },
              "logging": { "access": false }
            }
            """;

    /** The JDK has threads that it starts once and keeps. */
    @BeforeAll
    static void startWhatTheJdkKeeps() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway =
                        Portway.builder().admin(0).route("/a", origin.url()).start()) {
            get(portway.url().resolve("/a"));
            get(portway.adminUrl().orElseThrow().resolve("/status"));
        }
    }

    /** HTTP/1.1 would wait for ever on the connection, and a stop for the request. */
    @Test
    void goesOnWhereTheListenerOfExchangesBreaks() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder()
                        .port(0)
                        .route("/", origin.url())
                        .onExchange(exchange -> {
                            throw new AssertionError("as a test's would");
                        })
                        .start();
                RawClient client = RawClient.to(portway.url())) {
            for (int round = 0; round < 3; round++) {
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.read().text()).isEqualTo("hi");
            }
        }
    }

    @Test
    void forwardsByPathAndByHost() throws Exception {
        try (Origin one = Origin.replying(200, "one");
                Origin two = Origin.replying(200, "two");
                Portway portway = Portway.builder()
                        .port(0)
                        .route("/api", one.url())
                        .route("web.localhost", URI.create(two.url()).getPort())
                        .start()) {
            String host = "web.localhost:" + portway.url().getPort();

            assertThat(get(portway.url().resolve("/api/x"))).isEqualTo("200 one");
            assertThat(send(portway.url(), "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .text())
                    .isEqualTo("two");
            assertThat(get(portway.url().resolve("/other"))).startsWith("404 ");
            assertThat(portway.adminUrl()).isEmpty();
        }
    }

    @Test
    void sendsWhatNoRouteTakesToTheDefaultTarget() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder().defaultTarget(origin.url()).start()) {
            assertThat(get(portway.url().resolve("/anything"))).isEqualTo("200 hi");
        }
    }

    @Test
    void addsAndRemovesRoutesWhileItRuns() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder().start()) {
            String plain = portway.addRoute("/a", origin.url());
            String full = portway.addRoute("""
                    { "id": "posts", "path": "/b", "methods": ["POST"], "target": "%s" }""".formatted(origin.url()));

            assertThat(List.of(plain, full)).containsExactly("a", "posts").isEqualTo(portway.routeIds());
            assertThat(get(portway.url().resolve("/a"))).isEqualTo("200 hi");
            assertThat(get(portway.url().resolve("/b"))).startsWith("404 ");
            assertThat(portway.removeRoute("a")).isTrue();
            assertThat(portway.removeRoute("a")).isFalse();
            assertThat(get(portway.url().resolve("/a"))).startsWith("404 ");
        }
    }

    @Test
    void saysWhyARouteIsRefused() {
        try (Portway portway = Portway.builder().route("/a", 3000).start()) {
            assertThatThrownBy(() -> portway.addRoute("/a", 3001))
                    .isInstanceOf(PortwayException.class)
                    .hasMessageContaining("\"a\"");
            assertThatThrownBy(() -> portway.addRoute("/b", "localhost:99999"))
                    .isInstanceOfSatisfying(
                            PortwayException.class,
                            e -> assertThat(e.problems())
                                    .singleElement()
                                    .asString()
                                    .contains("/target"));
            assertThatThrownBy(() -> portway.addRoute("[]"))
                    .isInstanceOf(PortwayException.class)
                    .hasMessageContaining("JSON object");
            assertThat(portway.routeIds()).containsExactly("a");
        }
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        Portway.Builder builder = Portway.builder().route("/a", 99_999).route("no host", 3000);

        assertThatThrownBy(builder::start)
                .isInstanceOfSatisfying(
                        PortwayException.class, e -> assertThat(e.problems()).hasSize(2));
    }

    @Test
    void whatDoesNotGoTogetherIsRefused(@TempDir Path folder) {
        Path file = folder.resolve("config.json");

        assertThatThrownBy(() -> Portway.builder().file(file).json("{}").start())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Portway.builder().file(file).route("/a", 1).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("addRoute");
        assertThatThrownBy(() -> Portway.builder().json("{}").defaultTarget(1).start())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Portway.builder().file(file).start())
                .isInstanceOf(PortwayException.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void keepsRoutesInItsFileAndFollowsIt(@TempDir Path folder) throws Exception {
        try (Origin origin = Origin.replying(200, "hi")) {
            Path file = Files.writeString(folder.resolve("config.json"), CONFIGURATION.formatted(origin.url()));
            try (Portway portway = Portway.builder().file(file).admin(false).start()) {
                portway.addRoute("/b", origin.url());

                assertThat(Files.readString(file)).contains("\"/b\"");
                assertThat(portway.adminUrl()).isEmpty();
                Files.writeString(file, Files.readString(file).replace("/b", "/c"));
                Awaitility.await().until(() -> portway.routeIds().equals(List.of("a", "c")));
                assertThat(get(portway.url().resolve("/c"))).isEqualTo("200 hi");
            }
        }
    }

    @Test
    void takesItsConfigurationFromATextAndPutsRoutesBehind() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder()
                        .json(CONFIGURATION.formatted(origin.url()))
                        .route("/b", origin.url())
                        .start()) {
            assertThat(portway.routeIds()).containsExactly("a", "b");
            assertThat(get(portway.url().resolve("/b"))).isEqualTo("200 hi");
            assertThat(get(portway.adminUrl().orElseThrow().resolve("/live"))).startsWith("200 ");
        }
    }

    @Test
    void itsAdminSideChangesTheRoutesInMemory() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway =
                        Portway.builder().admin(0).route("/a", origin.url()).start()) {
            URI admin = portway.adminUrl().orElseThrow();
            String form = "path=/b&target=" + origin.url();
            RawClient.Response added = send(
                    admin,
                    "POST /routes HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length()
                            + "\r\n\r\n"
                            + form);

            assertThat(added.status()).isEqualTo(201);
            assertThat(get(portway.url().resolve("/b"))).isEqualTo("200 hi");
            assertThat(get(admin.resolve("/routes"))).startsWith("200 ").contains("\"id\": \"b\"");
            RawClient.Response reloaded =
                    send(admin, "POST /reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            assertThat(reloaded.status()).isEqualTo(200);
            assertThat(portway.routeIds()).containsExactly("a", "b");
        }
    }

    @Test
    void severalRunSideBySide() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway one = Portway.builder().route("/a", origin.url()).start()) {
            try (Portway two = Portway.builder().route("/b", origin.url()).start()) {
                assertThat(get(one.url().resolve("/b"))).startsWith("404 ");
                assertThat(get(two.url().resolve("/b"))).isEqualTo("200 hi");
            }

            assertThat(get(one.url().resolve("/a"))).isEqualTo("200 hi");
        }
    }

    @Test
    void closingLeavesNoThread() throws Exception {
        try (Origin origin = Origin.replying(200, "hi")) {
            Set<Thread> before = threads();

            try (Portway portway =
                    Portway.builder().admin(0).route("/a", origin.url()).start()) {
                get(portway.url().resolve("/a"));
                get(portway.adminUrl().orElseThrow().resolve("/status"));
                assertThat(threads()).hasSizeGreaterThan(before.size());
                portway.close();
                portway.close();
            }

            assertNoneBeside(before);
        }
    }

    @Test
    void aPortThatIsTakenIsSaidAndLeavesNoThread() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Set<Thread> before = threads();
            Portway.Builder builder = Portway.builder().host("127.0.0.1").port(taken.getLocalPort());

            assertThatThrownBy(builder::start)
                    .isInstanceOf(PortwayException.class)
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
            assertNoneBeside(before);
        }
    }

    @Test
    void nothingOfTheProgramIsTouched() throws Exception {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        Level rootLevel = logging.getLogger(Logger.ROOT_LOGGER_NAME).getLevel();
        List<?> appenders = appenders(logging);
        int handlers = LogManager.getLogManager().getLogger("").getHandlers().length;
        Object properties = System.getProperties().clone();
        Set<ObjectName> beans = ManagementFactory.getPlatformMBeanServer().queryNames(null, null);

        try (Portway portway = Portway.builder().admin(0).start()) {
            get(portway.url());

            assertThat(appenders(logging)).isEqualTo(appenders);
            assertThat(logging.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(rootLevel);
            assertThat(LogManager.getLogManager().getLogger("").getHandlers()).hasSize(handlers);
            assertThat(System.getProperties()).isEqualTo(properties);
            assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(null, null))
                    .isEqualTo(beans);
        }
    }

    private static List<?> appenders(LoggerContext logging) {
        List<Object> appenders = new ArrayList<>();
        logging.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().forEachRemaining(appenders::add);
        return appenders;
    }

    private static String get(URI url) throws IOException {
        RawClient.Response response = send(
                url,
                "GET " + (url.getPath().isEmpty() ? "/" : url.getPath())
                        + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n");
        return response.status() + " " + response.text();
    }

    private static RawClient.Response send(URI url, String request) throws IOException {
        try (RawClient client = RawClient.to(url)) {
            return client.send(request).read(request.substring(0, request.indexOf(' ')));
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** A thread that was told to stop may take a moment to be gone. */
    private static void assertNoneBeside(Set<Thread> before) {
        Awaitility.await()
                .pollInSameThread()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
    }
}
