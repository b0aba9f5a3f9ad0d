package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class StartIT {

    private static final String READY = "^ready: (http://localhost:\\d+), admin (http://localhost:\\d+), (.*)$";

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void saysInOneLineWhereItListensOnceItDoes() throws Exception {
        configure("portway.json", 0, 0);

        try (Launched proxy = Launched.proxy(directory, "start")) {
            Matcher ready = proxy.awaitLine(READY);

            assertThat(ready.group(3)).isEqualTo("portway.json, 0 routes");
            assertThat(get(ready.group(1))).isEqualTo(404);
            assertThat(get(ready.group(2) + "/status")).isEqualTo(200);
        }
    }

    @Test
    void theOptionsWinOverTheFile() throws Exception {
        configure("other.json", 1, 0);
        int port = PortCheck.freePort(0);

        try (Launched proxy =
                Launched.proxy(directory, "start", "-c", "other.json", "-p", String.valueOf(port), "-h", "127.0.0.1")) {
            Matcher ready = proxy.awaitLine(READY);

            assertThat(ready.group(1)).endsWith(":" + port);
            assertThat(get("http://127.0.0.1:" + port)).isEqualTo(404);
        }
    }

    @Test
    void aTerminationSignalEndsIt() throws Exception {
        configure("portway.json", 0, 0);

        try (Launched proxy = Launched.proxy(directory, "start")) {
            proxy.awaitLine(READY);

            proxy.terminate();

            assertThat(proxy.err()).doesNotContain("Exception");
        }
    }

    @Test
    void aPortInUseIsAMessageAndNoStackTrace() throws Exception {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configure("portway.json", held.getLocalPort(), 0);

            try (Launched proxy = Launched.proxy(directory, "start")) {
                assertThat(proxy.awaitEnd()).isEqualTo(1);
                assertThat(proxy.err())
                        .contains(
                                "error: port " + held.getLocalPort() + " is already in use by java (process "
                                        + ProcessHandle.current().pid() + ")",
                                "-p PORT")
                        .doesNotContain("Exception", "\tat ");
            }
        }
    }

    @Test
    void anInvalidFileStartsNothing() throws Exception {
        Files.writeString(directory.resolve("portway.json"), "{\"proxy\": {\"port\": 99999}, \"routes\": []}");

        try (Launched proxy = Launched.proxy(directory, "start")) {
            assertThat(proxy.awaitEnd()).isEqualTo(1);
            assertThat(proxy.out()).isEmpty();
            assertThat(proxy.err())
                    .contains("portway.json:1:", "/proxy/port", "/default", "error: portway.json has 2 errors")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void aFolderWithoutConfigurationGetsOneToPaste() throws Exception {
        try (Launched proxy = Launched.proxy(directory, "start")) {
            assertThat(proxy.awaitEnd()).isEqualTo(1);
            assertThat(proxy.err()).contains("error: no configuration file", "\"proxy\": { \"port\": 8080 }", "demo");
        }
    }

    private void configure(String name, int port, int adminPort) throws IOException {
        Files.writeString(directory.resolve(name), """
                { "proxy": { "port": %d, "admin": { "port": %d } }, "routes": {}, "default": { "target": null } }
                """.formatted(port, adminPort));
    }

    private int get(String url) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
