package dev.portway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user's own pages in the place of the proxy's (behaviour 36). */
final class ErrorPagesTest {

    @TempDir
    private Path pages;

    private Origin origin;
    private ProxyHarness proxy;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(pages.resolve("502.html"), "<h1>back soon — 502</h1>", UTF_8);
        Files.writeString(pages.resolve("5xx.html"), "<h1>ours is broken</h1>", UTF_8);
        origin = Origin.sending("HTTP/1.1 502 Own\r\nContent-Length: 3\r\n\r\nown");
        proxy = ProxyHarness.of("""
                { "proxy": { "port": 0, "admin": { "port": 0 } },
                  "routes": [ { "path": "/refused", "target": "http://127.0.0.1:1" },
                              { "path": "/down", "targets": [ { "url": "URL", "state": "down" } ] },
                              { "path": "/own", "target": "URL" } ],
                  "default": { "target": null, "errorPages": { "502": "P/502.html", "5xx": "P/5xx.html" } },
                  "logging": { "level": "ERROR", "access": false } }
                """.replace("URL", origin.url()).replace("P/", pages + "/"));
    }

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void replaceTheBodyOnly() throws IOException { // behaviour 36
        RawClient.Response response = get("/refused");

        assertThat(response.status()).isEqualTo(502);
        assertThat(new String(response.body(), UTF_8)).isEqualTo("<h1>back soon — 502</h1>");
        assertThat(response.field("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=connection_refused");
    }

    @Test
    void serveAWholeClass() throws IOException { // behaviour 36
        RawClient.Response response = get("/down");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.text()).isEqualTo("<h1>ours is broken</h1>");
        assertThat(response.field("Retry-After")).isNotEmpty();
    }

    @Test
    void leaveOtherClassesAlone() throws IOException {
        RawClient.Response response = get("/nowhere");

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.text()).startsWith("404");
    }

    @Test
    void leaveTheBackendsOwnErrorsAlone() throws IOException {
        RawClient.Response response = get("/own");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.text()).isEqualTo("own");
    }

    @Test
    void areNotSentForHead() throws IOException { // behaviour 50
        try (RawClient client = proxy.connect()) {
            RawClient.Response response =
                    client.send("HEAD /refused HTTP/1.1\r\nHost: h\r\n\r\n").read("HEAD");
            RawClient.Response next =
                    client.send("GET /own HTTP/1.1\r\nHost: h\r\n\r\n").read();

            assertThat(response.field("Content-Length")).isEqualTo("26");
            assertThat(next.text()).isEqualTo("own");
        }
    }

    private RawClient.Response get(String path) throws IOException {
        return proxy.raw("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }
}
