package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types the README: saves its configuration and runs each of its shell lines, in their order, against the packaged jar.
 * Its ports are replaced by free ones; nothing else is.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the README's commands are for a POSIX shell")
class ReadmeIT {

    private final List<HttpServer> backends = new ArrayList<>();
    private final List<Launched> running = new ArrayList<>();
    private Map<String, String> ports = Map.of();

    @TempDir
    Path directory;

    @BeforeEach
    void twoBackends() throws IOException {
        ports = Map.of(
                "8080", String.valueOf(PortCheck.freePort(0)),
                "8081", String.valueOf(PortCheck.freePort(0)),
                "3000", String.valueOf(backend()),
                "3001", String.valueOf(backend()));
        // A failed call is to be a failed command, so that this test sees it.
        Files.writeString(directory.resolve(".curlrc"), "fail-with-body\nsilent\nshow-error\n");
    }

    @AfterEach
    void end() {
        running.forEach(Launched::close);
        backends.forEach(backend -> backend.stop(0));
    }

    @Test
    void everyCommandOfTheReadmeDoesWhatItSays() throws Exception {
        Markdown readme = Markdown.read(Launched.REPOSITORY.resolve("README.md"));
        Path file = directory.resolve("portway.json");
        String configuration = here(readme.texts("json").get(0));
        Files.writeString(file, configuration);

        List<String> lines = readme.texts("sh").stream().flatMap(String::lines).toList();
        assertThat(lines).contains("./proxy demo", "ops/test", "./proxy start");
        for (String line : lines) {
            type(line);
        }

        assertThat(file)
                .as("what was added was removed, and nothing else touched")
                .hasContent(configuration);
    }

    private void type(String line) throws Exception {
        switch (line) {
            case "./proxy demo" -> {
                try (Launched demo = shell(line)) {
                    demo.awaitLine("Ctrl-C ends the demo");
                    demo.terminate();
                }
            }
            case "./proxy start" -> {
                Launched proxy = shell(line);
                running.add(proxy);
                proxy.awaitLine("^ready: ");
            }
            case "ops/test" -> // what runs this very test
                assertThat(Files.isExecutable(Launched.REPOSITORY.resolve(line)))
                        .isTrue();
            default -> {
                try (Launched command = shell(line)) {
                    assertThat(command.awaitEnd())
                            .as("%s: %s%s", line, command.out(), command.err())
                            .isZero();
                }
            }
        }
    }

    private Launched shell(String line) throws IOException {
        String command = "exec " + here(line).replace("./proxy", "'" + Launched.REPOSITORY.resolve("proxy") + "'");
        return Launched.command(
                directory, Map.of("CURL_HOME", directory.toString()), List.of("/bin/sh", "-c", command));
    }

    private String here(String text) {
        String replaced = text;
        for (Map.Entry<String, String> port : ports.entrySet()) {
            replaced = replaced.replaceAll("\\b" + port.getKey() + "\\b", port.getValue());
        }
        return replaced;
    }

    private int backend() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "hello\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        backends.add(server);
        return server.getAddress().getPort();
    }
}
