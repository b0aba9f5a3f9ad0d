package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.AbsentPort;
import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigReader;
import dev.portway.config.KeyHash;
import dev.portway.config.RouteStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Plants secrets wherever a rule or a client can have them, and looks for them wherever anybody can read. */
class AuthSecretsTest {

    private static final String KEY = "PLANTED-api-key";
    private static final String SHARED = "PLANTED-shared-secret-0123456789abcdef";
    private static final String PASSWORD = "PLANTED-password";
    private static final String WRONG_TOKEN = "PLANTEDhead.PLANTEDbody.PLANTEDsignature";
    private static final KeyPair RSA = Tokens.pair("RSA");
    private static final List<String> ROUTES =
            List.of("basic", "key", "parameter", "file", "jwt", "jwks", "ask", "down", "away", "inherits");

    /** What the placeholders of the file stand for. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "SECRET", SHARED,
            "KEY", KEY,
            "QUERY", "PLANTED-query",
            "HEADER", "PLANTED-header",
            "STICKY", "PLANTED-sticky-secret");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"INFO, text", "TRACE, json", "DEBUG, combined"})
    void noSecretIsSaidAnywhere(String level, String format) throws Exception {
        Path log = folder.resolve("service.log");
        String bcrypt = BCrypt.hashpw(PASSWORD, BCrypt.gensalt(4));
        Path htpasswd = Credentials.file("ada:" + bcrypt + "\nbroken " + PASSWORD + "\n");
        Path keys = Credentials.file("ci:" + Credentials.hash(KEY) + "\n" + KEY + "\n");
        Key shared = new SecretKeySpec(SHARED.getBytes(UTF_8), "HMAC");
        String hmac = Tokens.token(shared, "HS256", null, Tokens.claims());
        String rsa = Tokens.token(RSA.getPrivate(), "RS256", "one", Tokens.claims());
        List<String> secrets = List.of(
                "PLANTED",
                bcrypt,
                Credentials.basic("ada", PASSWORD).substring(6),
                KeyHash.of(KEY).hex(),
                signatureOf(hmac),
                signatureOf(rsa));
        StringBuilder said = new StringBuilder();
        try (Origin origin = Origin.replying(200, "let in");
                Origin issuer = Origin.replying(200, Tokens.keySet(Map.of("one", RSA)));
                Origin asked = Origin.answering(AuthSecretsTest::letInWhoHasTheCookie);
                Origin broken =
                        Origin.sending("HTTP/1.1 500 No\r\nContent-Length: 0\r\nX-Secret: PLANTED-answer\r\n\r\n");
                AbsentPort absent = AbsentPort.take();
                ProxyHarness proxy = ProxyHarness.of(
                        configuration(
                                origin.url(),
                                issuer.url(),
                                asked.url(),
                                broken.url(),
                                absent.url(),
                                htpasswd.toString(),
                                keys.toString(),
                                log.toString(),
                                level,
                                format),
                        ENVIRONMENT)) {
            for (String wrong : List.of(
                    "Authorization: " + Credentials.basic("ada", PASSWORD + "PLANTED"),
                    "Authorization: " + Credentials.basic("PLANTED-user", PASSWORD),
                    "Authorization: Bearer " + WRONG_TOKEN,
                    "Authorization: Bearer " + PASSWORD + "\r\nAuthorization: Bearer x",
                    "X-Key: " + KEY + "PLANTED",
                    "X-Key: " + KEY + "\r\nX-Key: " + KEY,
                    "Cookie: session=PLANTED-wrong")) {
                for (String id : ROUTES) {
                    said.append(get(proxy, "/" + id + "?key=" + KEY + "-PLANTED", wrong, 401, 403, 503));
                }
            }
            assertThat(origin.untaken()).isEmpty();

            said.append(get(proxy, "/basic", "Authorization: " + Credentials.basic("ada", PASSWORD), 200));
            said.append(get(proxy, "/key", "X-Key: " + KEY, 200));
            said.append(get(proxy, "/parameter?key=" + KEY, "Referer: http://a/?PLANTED-referer", 200));
            said.append(get(proxy, "/file", "X-Key: " + KEY, 200));
            said.append(get(proxy, "/jwt", "Authorization: Bearer " + hmac, 200));
            said.append(get(proxy, "/jwks", "Authorization: Bearer " + rsa, 200));
            said.append(get(proxy, "/ask", "Cookie: session=PLANTED-right", 200));
            said.append(get(proxy, "/inherits", "Authorization: Bearer " + rsa, 200));
            assertThat(origin.untaken()).hasSize(3 * 8);
            said.append(get(proxy, "/gone?key=" + KEY, "X-Key: " + KEY, 502));

            for (String id : ROUTES) {
                said.append(admin(proxy, "GET", "/routes/" + id, null));
                said.append(admin(proxy, "GET", "/routes/" + id + "?effective=true", null));
                said.append(admin(
                                proxy,
                                "POST",
                                "/explain",
                                "{ \"url\": \"http://a/" + id + "?key=" + KEY + "\", \"headers\": { \"X-Key\": \"" + KEY
                                        + "\" } }")
                        .replace("key=" + KEY, "what was asked about"));
            }
            for (String path : List.of(
                    "/routes", "/metrics", "/prometheus", "/status", "/backends", "/tunnels", "/healthcheck", "/")) {
                said.append(admin(proxy, "GET", path, null));
            }
        }
        assertThat(said).doesNotContain(secrets);
        assertThat(Files.readString(log)).contains("does not say who may pass").doesNotContain(secrets);
        assertThat(Files.readString(folder.resolve("service.access.log")))
                .contains("/parameter", "/gone")
                .doesNotContain(secrets);
    }

    private static String configuration(Object... values) {
        return """
                {
                  "proxy": { "port": 0, "admin": { "port": 0 } },
                  "routes": [
                    { "id": "basic", "path": "/basic", "target": "%1$s", "auth": { "basic": { "file": "%6$s" } },
                      "sticky": { "secret": "${STICKY}" }, "request": { "headers": { "set": { "X-A": "${HEADER}" } } } },
                    { "id": "key", "path": "/key", "target": "%1$s", "auth": { "apiKey": { "header": "X-Key", "keys": { "ci": "${KEY}" } } } },
                    { "id": "parameter", "path": "/parameter", "target": "%1$s",
                      "auth": { "apiKey": { "query": "key", "keys": { "ci": "${KEY}" } } } },
                    { "id": "file", "path": "/file", "target": "%1$s", "auth": { "apiKey": { "header": "X-Key", "file": "%7$s" } } },
                    { "id": "jwt", "path": "/jwt", "target": "%1$s", "auth": { "jwt": { "secret": "${SECRET}" } } },
                    { "id": "jwks", "path": "/jwks", "target": "%1$s", "auth": { "jwt": { "jwks": "%2$s/?${QUERY}" } } },
                    { "id": "ask", "path": "/ask", "target": "%1$s", "auth": { "forward": { "url": "%3$s/?${QUERY}" } } },
                    { "id": "down", "path": "/down", "target": "%1$s", "auth": { "forward": { "url": "%4$s/?${QUERY}" } } },
                    { "id": "away", "path": "/away", "target": "%1$s", "auth": { "jwt": { "jwks": "%5$s/?${QUERY}" } } },
                    { "id": "inherits", "path": "/inherits", "target": "%1$s" },
                    { "id": "gone", "path": "/gone", "target": "%5$s", "auth": { "apiKey": { "header": "X-Key", "keys": { "ci": "${KEY}" } } } }
                  ],
                  "default": { "target": null },
                  "security": {
                    "auth": { "jwt": { "jwks": "%2$s/other?${QUERY}" } },
                    "headers": { "response": { "remove": ["${HEADER}"] } }
                  },
                  "logging": { "level": "%9$s", "format": "%10$s", "destination": "%8$s" }
                }
                """.formatted(values);
    }

    private static void letInWhoHasTheCookie(Origin.Exchange exchange) throws IOException {
        boolean right = exchange.request().fieldLines().contains("Cookie: session=PLANTED-right");
        exchange.write("HTTP/1.1 " + (right ? "200 OK" : "403 No") + "\r\nContent-Length: 0\r\n\r\n");
    }

    private static String signatureOf(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    /** Everything that clients of all kinds are answered, of which the status is one of those. */
    private static String get(ProxyHarness proxy, String target, String field, Integer... statuses) throws Exception {
        StringBuilder said = new StringBuilder();
        for (String type : List.of("text/html", "application/json", "text/plain")) {
            RawClient.Response response = proxy.raw(
                    "GET " + target + " HTTP/1.1\r\nHost: a\r\nAccept: " + type + "\r\n" + field + "\r\n\r\n");
            assertThat(response.status()).as(target + " " + field).isIn((Object[]) statuses);
            said.append(response.lines()).append(response.text());
        }
        return said.toString();
    }

    private static String admin(ProxyHarness proxy, String method, String path, @Nullable String body)
            throws Exception {
        HttpResponse<String> response = proxy.admin(method, path, body);
        assertThat(response.statusCode()).as(path + response.body()).isEqualTo(path.equals("/healthcheck") ? 500 : 200);
        return response.headers().map() + response.body();
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
