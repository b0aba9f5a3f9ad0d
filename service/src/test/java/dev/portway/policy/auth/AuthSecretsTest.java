package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigReader;
import dev.portway.config.RouteStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plants secrets wherever a rule or a client can have them, and looks for them wherever anybody can read. */
class AuthSecretsTest {

    private static final String KEY = "PLANTED-api-key";
    private static final String SECRET = "PLANTED-shared-secret-0123456789abcdef";
    private static final String PASSWORD = "PLANTED-password";
    private static final String TOKEN = "PLANTEDhead.PLANTEDbody.PLANTEDsignature";

    @TempDir
    private Path folder;

    @Test
    void noSecretIsSaidAnywhere() throws Exception {
        Path log = folder.resolve("service.log");
        Path htpasswd = Credentials.file("ada:" + PASSWORD + "\nbroken " + PASSWORD + "\n");
        Path keys = Credentials.file("ci:" + KEY + "\n" + KEY + "\n");
        try (Origin origin = Origin.replying(200, "let in");
                Origin service =
                        Origin.sending("HTTP/1.1 500 No\r\nContent-Length: 0\r\nX-Secret: PLANTED-answer\r\n\r\n");
                ProxyHarness proxy =
                        ProxyHarness.of("""
                        {
                          "proxy": { "port": 0, "admin": { "port": 0 } },
                          "routes": [
                            { "id": "basic", "path": "/basic", "target": "%1$s", "auth": { "basic": { "file": "%3$s" } } },
                            { "id": "key", "path": "/key", "target": "%1$s",
                              "auth": { "apiKey": { "query": "key", "header": "X-Key", "file": "%4$s" } } },
                            { "id": "jwt", "path": "/jwt", "target": "%1$s", "auth": { "jwt": { "secret": "%5$s" } } },
                            { "id": "jwks", "path": "/jwks", "target": "%1$s", "auth": { "jwt": { "jwks": "%2$s/?PLANTED-query" } } },
                            { "id": "ask", "path": "/ask", "target": "%1$s",
                              "auth": { "forward": { "url": "%2$s/?PLANTED-query" } } }
                          ],
                          "default": { "target": null },
                          "logging": { "level": "DEBUG", "destination": "%6$s" }
                        }
                        """.formatted(origin.url(), service.url(), htpasswd, keys, SECRET, log))) {
            StringBuilder said = new StringBuilder();
            for (String path : List.of("/basic", "/key?key=" + KEY, "/jwt", "/jwks", "/ask")) {
                for (String field : List.of(
                        "Authorization: " + Credentials.basic("ada", PASSWORD),
                        "Authorization: Bearer " + TOKEN,
                        "Authorization: Bearer " + PASSWORD + "\r\nAuthorization: Bearer x",
                        "X-Key: " + KEY,
                        "Cookie: session=PLANTED-cookie")) {
                    for (String type : List.of("text/html", "application/json", "text/plain")) {
                        RawClient.Response response = proxy.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept: "
                                + type + "\r\n" + field + "\r\n\r\n");
                        said.append(response.lines()).append(response.text());
                    }
                }
            }
            for (String id : List.of("basic", "key", "jwt", "jwks", "ask")) {
                said.append(proxy.admin("GET", "/routes/" + id + "?effective=true", null)
                        .body()
                        .replace("PLANTED-query", "a URL's own"));
            }
            for (String path : List.of("/metrics", "/prometheus", "/status", "/backends", "/healthcheck", "/")) {
                said.append(proxy.admin("GET", path, null).body());
            }

            assertThat(origin.untaken()).isEmpty();
            assertThat(said).doesNotContain("PLANTED");
        }
        assertThat(Files.readString(log)).isNotEmpty().doesNotContain("PLANTED");
    }

    @Test
    void noErrorOfAConfigurationSaysWhatThePlaceholderStandsFor() throws Exception {
        Path file = folder.resolve("config.json");
        Files.writeString(file, """
                {
                  "proxy": { "port": 8080 },
                  "routes": [
                    { "id": "a", "target": 1, "auth": { "apiKey": { "keys": { "ci": "PLANTED-plain" } } } },
                    { "id": "b", "target": 1, "auth": { "jwt": { "secret": "${SHORT}" } } },
                    { "id": "c", "target": 1, "auth": { "jwt": { "secret": "PLANTED-short" } } },
                    { "id": "d", "target": 1, "auth": { "jwt": { "jwks": "https://u:PLANTED-password@a.test/" } } },
                    { "id": "e", "target": 1, "auth": { "basic": { "file": "${SHORT}" } } },
                    { "id": "f", "target": 1, "auth": { "apiKey": { "header": "${SHORT} ", "keys": { "a": "${SHORT}" } } } },
                    { "id": "g", "target": 1, "auth": { "forward": { "url": "${SHORT}" } } }
                  ],
                  "default": { "target": null }
                }
                """, UTF_8);
        Map<String, String> environment = Map.of("SHORT", "PLANTED-short");
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            ConfigDocument document = new RouteStore(file, new ConfigReader(environment::get)).read();

            assertThat(document.read().errors()).hasSizeGreaterThanOrEqualTo(7);
            assertThat(document.read().problems().toString()).doesNotContain("PLANTED");
        } finally {
            System.setOut(out);
        }
        assertThat(printed.toString(UTF_8)).doesNotContain("PLANTED");
    }
}
