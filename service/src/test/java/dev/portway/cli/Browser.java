package dev.portway.cli;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A headless Chromium with one page open, asked through its DevTools protocol. Closing it ends it. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final ObjectMapper json = new ObjectMapper();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Path profile;
    private final Process process;
    private final WebSocket tools;
    private int lastId;

    private Browser(String executable, String url) throws Exception {
        profile = Files.createTempDirectory("browser");
        process = new ProcessBuilder(
                        executable,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        url)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        HttpClient client = HttpClient.newHttpClient();
        URI page = await().atMost(PATIENCE).ignoreExceptions().until(() -> pageOf(client, url), uri -> true);
        tools = client.newWebSocketBuilder()
                .buildAsync(page, new Listener())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Opens a page, or skips the test where there is no browser. */
    static Browser openOrSkip(String url) throws Exception {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : path.split(":", -1)) {
            for (String name : NAMES) {
                Path executable = Path.of(folder, name);
                if (Files.isExecutable(executable)) {
                    return new Browser(executable.toString(), url);
                }
            }
        }
        Assumptions.abort("no browser: none of " + NAMES + " is on the PATH");
        throw new IllegalStateException("unreachable");
    }

    /** Waits until an expression is true in the page. */
    void awaitTrue(String expression) {
        await(expression).atMost(PATIENCE).until(() -> evaluate(expression).asBoolean());
    }

    private JsonNode evaluate(String expression) throws Exception {
        int id = ++lastId;
        String request = json.writeValueAsString(Map.of(
                "id",
                id,
                "method",
                "Runtime.evaluate",
                "params",
                Map.of("expression", "Boolean(" + expression + ")", "returnByValue", true)));
        tools.sendText(request, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        for (String text = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                text != null;
                text = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            JsonNode answer = json.readTree(text);
            if (answer.path("id").asInt() == id) {
                return answer.path("result").path("result").path("value");
            }
        }
        throw new IOException("the browser does not answer");
    }

    /** The page's own debugging address; fails until the browser is up. */
    private URI pageOf(HttpClient client, String url) throws Exception {
        String port = Files.readAllLines(profile.resolve("DevToolsActivePort")).get(0);
        HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        JsonNode pages = json.readTree(
                client.send(list, HttpResponse.BodyHandlers.ofString()).body());
        for (JsonNode page : pages) {
            if (page.path("url").asText().equals(url)) {
                return URI.create(page.path("webSocketDebuggerUrl").asText());
            }
        }
        throw new IOException("the page is not open yet");
    }

    @Override
    public void close() throws Exception {
        tools.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                answers.add(text.toString());
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, part, last);
        }
    }
}
