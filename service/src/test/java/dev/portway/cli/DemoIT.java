package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoIT {

    private final HttpClient client = HttpClient.newHttpClient();
    private Launched demo;
    private int port;
    private int adminPort;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        demo = Launched.proxy(directory, "demo");
        demo.awaitLine("Ctrl-C ends the demo");
        port = Integer.parseInt(
                demo.awaitLine("http://web\\.localhost:(\\d+)/ ").group(1));
        adminPort =
                Integer.parseInt(demo.awaitLine("curl localhost:(\\d+)/routes").group(1));
    }

    @AfterAll
    void stop() {
        demo.close();
    }

    @Test
    void theDefaultIsThePage() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Portway demo</title>", "localhost:" + adminPort);
    }

    @Test
    void theApiSeesWhatTheProxyAdds() throws Exception {
        HttpResponse<String> echo = get("/api/hello?a=b");

        assertThat(echo.body()).contains("\"/api/hello?a=b\"", "X-Forwarded-For", "Via");
    }

    @Test
    void theStreamTicksThroughTheProxy() throws Exception {
        HttpResponse<InputStream> response = client.send(request("/events"), HttpResponse.BodyHandlers.ofInputStream());

        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines().filter(line -> line.equals("event: tick")).limit(2))
                    .hasSize(2);
        }
    }

    @Test
    void thePageWorksInABrowser() throws Exception {
        try (Browser browser = Browser.openOrSkip("http://web.localhost:" + port + "/")) {
            browser.awaitTrue("document.getElementById('asked').textContent.startsWith('200 in')");
            browser.awaitTrue("document.getElementById('answer').textContent.includes('X-Forwarded-For')");
            browser.awaitTrue("/^[2-9]+ events so far/.test(document.getElementById('stream').textContent)");
        }
    }

    @Test
    void endingItRemovesItsFile(@TempDir Path directory) throws Exception {
        try (Launched another = Launched.proxy(directory, "demo")) {
            another.awaitLine("Ctrl-C ends the demo");
            Path file = Path.of(another.awaitLine("Its configuration is (.*); edit it and save")
                    .group(1));
            assertThat(file).exists();

            another.terminate();

            assertThat(file).doesNotExist();
            assertThat(file.getParent()).doesNotExist();
            assertThat(another.out() + another.err()).doesNotContain("Exception", "WARN");
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .build();
    }
}
