package dev.portway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conformance tests of HTTP/2 that others use, h2spec, with its strict ones, against both listeners. All 146 pass; of
 * Jetty alone 132 do, which answers malformed requests in place of resetting them, and drops data on streams that are over.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class H2SpecIT {

    private static final String ARCHIVE = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    @TempDir
    private static Path folder;

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() throws Exception {
        Path archive = folder.resolve("h2spec.tar.gz");
        try (InputStream in = H2SpecIT.class.getResourceAsStream(ARCHIVE)) {
            Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(run("tar", "-xzf", archive.toString(), "-C", folder.toString()))
                .isEmpty();
        String body = "some bytes more than five";
        origin = Origin.answering(exchange -> {
            exchange.readBody();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + (exchange.request().toString().startsWith("HEAD") ? "" : body));
        });
        proxy = ProxyHarness.secured("[{ \"id\": \"only\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void passesInClearText() throws Exception {
        assertAllPass(proxy.proxy());
    }

    @Test
    void passesOverTls() throws Exception {
        assertAllPass(proxy.tls(), "--tls", "--insecure");
    }

    private static void assertAllPass(URI listener, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(folder.resolve("h2spec").toString(), "--strict", "--port", String.valueOf(listener.getPort())));
        command.addAll(List.of(options));

        assertThat(run(command.toArray(String[]::new)))
                .as("h2spec's report")
                .contains("146 tests, 146 passed, 0 skipped, 0 failed");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
