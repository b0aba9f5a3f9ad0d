package dev.portway.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./proxy run} as a process, with the route that it leases at a proxy that runs from the packaged jar. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class RunIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Says each signal, and ends half a second after the first with 40 and the number of those that came. */
    private static final String COUNTING = """
            n=0; trap 'n=$((n+1))' %s; echo started
            until [ $n -gt 0 ]; do sleep 0.02; done
            i=0; while [ $i -lt 25 ]; do sleep 0.02; i=$((i+1)); done
            exit $((40 + n))
            """;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path directory;

    private static int port;
    private static int adminPort;
    private static @Nullable Launched proxy;

    @BeforeAll
    static void start() throws IOException {
        port = PortCheck.freePort(0);
        adminPort = PortCheck.freePort(0);
        Files.writeString(directory.resolve("portway.json"), """
                { "proxy": { "port": %d, "admin": { "port": %d } }, "routes": [], "default": { "target": null } }
                """.formatted(port, adminPort));
        startProxy();
    }

    @AfterAll
    static void end() {
        requireNonNull(proxy, "proxy").close();
    }

    @Test
    void theRouteIsLeasedWhileTheCommandRunsAndGoneAfterIt() throws Exception {
        try (Launched run = run("exec " + DevServer.command())) {
            awaitServer();
            JsonNode route = routes().get(0);
            assertThat(route.path("source").asText()).isEqualTo("lease");
            assertThat(route.path("lease").path("owner").asText()).isEqualTo("run-" + run.pid());

            run.terminate();

            assertThat(run.awaitEnd()).isEqualTo(143);
            assertThat(routes()).isEmpty();
            assertThat(run.out() + run.err()).isEmpty();
        }
    }

    @Test
    void aRunThatIsKilledLosesItsRouteWithinTheTimeOfTheLease() throws Exception {
        long child = 0;
        try (Launched run = run("exec " + DevServer.command())) {
            child = awaitServer();

            ProcessHandle.of(run.pid()).orElseThrow().destroyForcibly();
            assertThat(run.awaitEnd()).isEqualTo(137);

            await().atMost(TTL.plusSeconds(2)).until(() -> routes().isEmpty());
        } finally {
            ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void theRouteComesBackToAProxyThatStartsAgainWithoutItsLeases() throws Exception {
        try (Launched run = run("exec " + DevServer.command())) {
            awaitServer();
            Launched before = requireNonNull(proxy, "proxy");
            ProcessHandle.of(before.pid()).orElseThrow().destroyForcibly();
            before.awaitEnd();
            forgetLeases();

            startProxy();

            awaitServer();
            assertThat(routes().get(0).path("lease").path("owner").asText()).isEqualTo("run-" + run.pid());
        }
    }

    @Test
    void aServerThatTheCommandForkedIsFoundOnThePortThatItChose() throws Exception {
        try (Launched run = run(DevServer.command() + " elsewhere & echo forked; wait")) {
            long server = awaitServer();

            assertThat(run.out()).isEqualTo("forked\n");
            assertThat(run.err()).matches("proxy: the command does not use PORT=\\d+ and listens on \\d+; .*\n");
            ProcessHandle.of(server).orElseThrow().destroy();
            assertThat(run.awaitEnd()).isZero();
            assertThat(routes()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"HUP, 1", "INT, 2", "TERM, 15", "USR1, 10"})
    void aSignalIsSentOnOnceAndTheCommandEndsAsItLikes(String signal, int number) throws Exception {
        assumeThat(ignored(number))
                .as("this test was started with %s ignored, and so is what it starts", signal)
                .isFalse();
        try (Launched run = run(COUNTING.formatted(signal))) {
            run.awaitLine("started");

            new ProcessBuilder("kill", "-s", signal, String.valueOf(run.pid()))
                    .start()
                    .waitFor();

            assertThat(run.awaitEnd()).isEqualTo(41);
            assertThat(run.err()).isEmpty();
            assertThat(routes()).isEmpty();
        }
    }

    @Test
    void ctrlCInATerminalReachesTheCommandOnce() throws Exception {
        assumeThat(ignored(2))
                .as("this test was started with INT ignored, and so is what it starts")
                .isFalse();
        String inner = Files.writeString(directory.resolve("counting"), COUNTING.formatted("INT"))
                .toString();
        // The shell between ends by Ctrl-C itself, where it is one that stays (dash).
        String line = "exec '" + Launched.REPOSITORY.resolve("proxy") + "' run --host /run -- sh " + inner;
        try (Launched terminal =
                Launched.typed(directory, environment(), List.of("script", "-qec", line, "/dev/null"))) {
            terminal.awaitLine("started");

            terminal.type("\u0003");

            assertThat(terminal.awaitEnd()).isEqualTo(41);
        }
    }

    private static void startProxy() throws IOException {
        proxy = Launched.proxy(directory, "start");
        proxy.awaitLine("^ready: ");
    }

    private static Launched run(String script) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Launched.REPOSITORY.resolve("proxy").toString(), "run", "--host", "/run", "--"));
        command.addAll(List.of("sh", "-c", script));
        return Launched.command(directory, environment(), command);
    }

    private static Map<String, String> environment() {
        return Map.of("PORTWAY_ADMIN", "http://localhost:" + adminPort);
    }

    /** Waits until the server answers through the proxy, and gives its process. */
    private static long awaitServer() {
        return await().atMost(SOON)
                .pollInterval(Duration.ofMillis(30))
                .until(RunIT::server, Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<Long> server() throws Exception {
        HttpResponse<String> answer = get("http://localhost:" + port + "/run");
        return answer.statusCode() == 200 ? Optional.of(Long.parseLong(answer.body())) : Optional.empty();
    }

    private static JsonNode routes() throws Exception {
        return JSON.readTree(get("http://localhost:" + adminPort + "/routes").body());
    }

    private static HttpResponse<String> get(String url) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(SOON).build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void forgetLeases() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file :
                    files.filter(file -> !file.endsWith("portway.json")).toList()) {
                Files.delete(file);
            }
        }
    }

    private static boolean ignored(int signal) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .anyMatch(mask -> (mask >> (signal - 1) & 1) != 0);
    }
}
