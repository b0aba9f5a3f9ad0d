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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoBackendsTest {

    private final DemoPage page = new DemoPage();
    private final HttpClient client = HttpClient.newHttpClient();
    private DemoBackends backends;

    @BeforeEach
    void start() throws Exception {
        backends = DemoBackends.start(page);
    }

    @AfterEach
    void stop() throws Exception {
        backends.close();
    }

    @Test
    void thePageNamesThePortsItWasShown() throws Exception {
        page.show(18_080, 18_081, backends.echoPort());

        HttpResponse<String> response = get(backends.pagePort(), "/");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(response.body())
                .contains("curl localhost:18081/routes -d host=hello.localhost -d target=" + backends.echoPort())
                .doesNotContain("{{");
    }

    @Test
    void anotherPathOfThePageIsNotFound() throws Exception {
        assertThat(get(backends.pagePort(), "/api").statusCode()).isEqualTo(404);
    }

    @Test
    void theEchoTellsWhatItWasSent() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(backends.echoPort(), "/api/a%2Fb?c=d"))
                .header("X-Note", "hi")
                .POST(HttpRequest.BodyPublishers.ofString("the body"))
                .build();

        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body())
                .contains("\"POST\"", "\"/api/a%2Fb?c=d\"", "\"X-Note\" : \"hi\"", "\"body\" : \"the body\"");
    }

    @Test
    void theStreamTicksMoreThanOnce() throws Exception {
        HttpResponse<InputStream> response = client.send(
                HttpRequest.newBuilder(uri(backends.eventsPort(), "/events")).build(),
                HttpResponse.BodyHandlers.ofInputStream());

        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(lines.readLine()).isEqualTo("event: tick");
            assertThat(lines.readLine()).contains("\"count\": 1");
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("event: tick");
            assertThat(lines.readLine()).contains("\"count\": 2");
        }
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(port, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
