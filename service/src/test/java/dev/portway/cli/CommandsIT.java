package dev.portway.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands as processes of their own, against one proxy that runs from the packaged jar. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class CommandsIT {

    private static final String TOKEN = "open-sesame-0123456789";

    @TempDir
    static Path directory;

    private static @Nullable Launched proxy;
    private static String url = "";
    private static String admin = "";

    @BeforeAll
    static void oneProxy() throws IOException {
        Files.writeString(directory.resolve("portway.json"), """
                { "proxy": { "port": 0, "admin": { "port": 0, "token": "%s" } },
                  "routes": { "web.localhost": 3000 },
                  "default": { "target": null } }
                """.formatted(TOKEN));
        proxy = Launched.proxy(directory, "start");
        Matcher ready = proxy.awaitLine("^ready: (\\S+), admin (\\S+), ");
        url = ready.group(1);
        admin = ready.group(2);
    }

    @AfterAll
    static void end() {
        requireNonNull(proxy, "proxy").close();
    }

    @Test
    void addsShowsExplainsAndRemovesARoute() throws Exception {
        assertThat(fine("route", "add", "api.localhost/v1", "3001", "3002"))
                .isEqualTo(url.replace("localhost", "api.localhost") + "/v1\n");
        assertThat(fine("route", "list").lines())
                .anyMatch(line -> line.startsWith("api.localhost-v1\tapi.localhost/v1\thttp://localhost:3001, "));
        assertThat(fine("route", "show", "api.localhost-v1", "--json")).contains("\"targets\" : [ 3001, 3002 ]");
        assertThat(fine("explain", "api.localhost/v1/users")).contains("takes api.localhost-v1", "web.localhost\t");
        assertThat(fine("status")).contains("listens   " + url, "routes    2");
        assertThat(fine("route", "remove", "api.localhost-v1")).isEmpty();
        assertThat(fine("route", "list")).doesNotContain("api.localhost");
        assertThat(fine("history").lines().toList().get(0)).endsWith("\t-\tremoved api.localhost-v1");
        assertThat(fine("route", "undo")).matches("took back [0-9]+: added api.localhost-v1\n");
        assertThat(fine("route", "undo")).matches("took back [0-9]+: removed api.localhost-v1\n");
        failsInOneLine(run(Map.of(), "route", "undo", "999"), "no change 999");
    }

    @Test
    void aRouteThatIsNotThereIsOneLine() throws Exception {
        failsInOneLine(run(Map.of(), "route", "remove", "nothing"), "nothing");
    }

    @Test
    void aWrongTokenIsOneLineThatSaysWhatToDo() throws Exception {
        failsInOneLine(run(Map.of("PORTWAY_TOKEN", "another-token-9876543210"), "status"), "PORTWAY_TOKEN");
    }

    @Test
    void aProxyThatDoesNotRunIsOneLineThatSaysWhatToDo() throws Exception {
        failsInOneLine(
                run(Map.of("PORTWAY_ADMIN", "http://localhost:" + PortCheck.freePort(0)), "route", "list"),
                "start Portway");
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n[{'",
        "'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[{'",
        "'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi'",
        "'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n'",
        "'SSH-2.0-OpenSSH_9\r\n'"
    })
    void anAnswerThatIsNoneIsOneLine(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerEach(server, answer), "half-an-answer");
            answering.setDaemon(true);
            answering.start();

            failsInOneLine(
                    run(Map.of("PORTWAY_ADMIN", "http://127.0.0.1:" + server.getLocalPort()), "route", "list"),
                    "try: ");
        }
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "kill -TERM $$, 143", "kill -KILL $$, 137"})
    void runEndsAsItsCommandDoes(String script, int status) throws Exception {
        try (Launched run = run(Map.of(), "run", "--host", "run.localhost", "--", "sh", "-c", script)) {
            assertThat(run.awaitEnd()).isEqualTo(status);
            assertThat(run.out() + run.err()).isEmpty();
        }
    }

    @Test
    void runSaysAsAShellDoesWhyACommandCannotBeRun() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "no program");
        try (Launched missing = run(Map.of(), "run", "--host", "run.localhost", "no-such-command");
                Launched denied = run(Map.of(), "run", "--host", "run.localhost", text.toString())) {
            assertThat(missing.awaitEnd()).isEqualTo(127);
            assertThat(missing.err()).isEqualTo("proxy: no-such-command: no such command\n");
            assertThat(denied.awaitEnd()).isEqualTo(126);
            assertThat(denied.err()).endsWith(": cannot be run\n");
        }
    }

    @Test
    void runGivesItsCommandAPortAndStreamsAndLeavesItsArgumentsAlone() throws Exception {
        String line = "echo typed | '" + Launched.REPOSITORY.resolve("proxy")
                + "' run --host run.localhost sh -c 'cat; echo $PORT $HOST $PORTWAY_URL $1; echo bad >&2' - --host";
        try (Launched run = Launched.command(directory, environment(), List.of("sh", "-c", line))) {
            assertThat(run.awaitEnd()).isZero();
            assertThat(run.out())
                    .matches("typed\n[0-9]+ 127\\.0\\.0\\.1 " + url.replace("localhost", "run.localhost")
                            + "/ --host\n");
            assertThat(run.err()).isEqualTo("bad\n");
        }
    }

    @Test
    void runPassesASignalOnAndWaitsForItsCommand() throws Exception {
        try (Launched run = run(
                Map.of(),
                "run",
                "--host",
                "run.localhost",
                "--",
                "sh",
                "-c",
                "trap 'echo ending; exit 3' TERM; echo started; while :; do sleep 0.05; done")) {
            run.awaitLine("started");

            run.terminate();

            assertThat(run.awaitEnd()).isEqualTo(3);
            assertThat(run.out()).isEqualTo("started\nending\n");
        }
    }

    @Test
    void runRunsWithoutAProxyAndSaysSo() throws Exception {
        try (Launched run = run(
                Map.of("PORTWAY_ADMIN", "http://localhost:" + PortCheck.freePort(0)),
                "run",
                "--host",
                "run.localhost",
                "echo",
                "ran")) {
            assertThat(run.awaitEnd()).isZero();
            assertThat(run.out()).isEqualTo("ran\n");
            assertThat(run.err().lines()).singleElement().asString().contains("The command runs all the same");
        }
    }

    private static void answerEach(ServerSocket server, String answer) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void failsInOneLine(Launched launched, String part) throws InterruptedException {
        try (launched) {
            assertThat(launched.awaitEnd()).isEqualTo(CommandLineTool.FAILED);
            assertThat(launched.out()).isEmpty();
            assertThat(launched.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("error: ")
                    .contains(part);
        }
    }

    private static String fine(String... arguments) throws Exception {
        try (Launched launched = run(Map.of(), arguments)) {
            assertThat(launched.awaitEnd()).as(launched.err()).isZero();
            assertThat(launched.err()).isEmpty();
            return launched.out();
        }
    }

    private static Launched run(Map<String, String> more, String... arguments) throws IOException {
        Map<String, String> environment = new HashMap<>(environment());
        environment.putAll(more);
        List<String> command =
                new ArrayList<>(List.of(Launched.REPOSITORY.resolve("proxy").toString()));
        command.addAll(List.of(arguments));
        return Launched.command(directory, environment, command);
    }

    private static Map<String, String> environment() {
        return Map.of("PORTWAY_ADMIN", admin, "PORTWAY_TOKEN", TOKEN);
    }
}
