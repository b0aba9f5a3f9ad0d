package dev.portway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.api.ProblemDocument;
import dev.portway.config.AdminConfig;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminGuardTest {

    private static final String TOKEN = "not-a-real-token";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8081",
                "LOCALHOST:8081",
                "localhost.",
                "localhost.:8081",
                "localhost:9999",
                "127.0.0.1",
                "127.0.0.1:8081",
                "127.255.0.3:1",
                "[::1]",
                "[::1]:8081",
                "[0:0:0:0:0:0:0:1]:8081",
                "[::ffff:127.0.0.1]:8081",
                "web.localhost:8081",
                "proxy.example.test",
                "PROXY.example.test.:443",
                "10.1.2.3:8081"
            })
    void letsNamesOfThisListenerIn(String host) throws Exception {
        start(null);

        assertThat(get("Host: " + host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.com",
                "evil.com:8081",
                "localhost.evil.com",
                "localhost.evil.com:8081",
                "evil-localhost",
                "xlocalhost",
                "127.0.0.1.evil.com",
                "127.0.0.1.nip.io",
                "127.0.0.1:8081@evil.com",
                "localhost@evil.com",
                "localhost:80:80",
                "localhost:",
                "localhost:x",
                "localhost:-1",
                "localhost:65536",
                "localhost:999999",
                "localhost..",
                ".localhost",
                "127.1",
                "2130706433",
                "0x7f.0.0.1",
                "0177.0.0.01",
                "127.0.0.256",
                "0.0.0.0",
                "192.168.0.1",
                "[::2]",
                "[::1",
                "::1",
                "[::1]x",
                "[127.0.0.1]",
                "[localhost]",
                "[fe80::1%25lo]",
                "local host",
                "localhost/",
                "localhost\\.evil.com",
                "localhost,evil.com",
                "%6cocalhost",
                "lоcalhost",
                "example.test",
                "sub.proxy.example.test",
                ""
            })
    void refusesEveryOtherHost(String host) throws Exception {
        start(null);

        RawHttp answer = get("Host: " + host);

        assertThat(answer.status()).isIn(400, 403);
        assertThat(answer.body()).doesNotContain("reached");
    }

    @Test
    void saysWhyAndHowToAllowAHost() throws Exception {
        start(null);

        RawHttp answer = get("Host: rebound.evil.com:8081");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        ProblemDocument problem = WireFormat.MAPPER.readValue(answer.body(), ProblemDocument.class);
        assertThat(problem.type()).isEqualTo("urn:portway:problem:host-refused");
        assertThat(problem.status()).isEqualTo(403);
        assertThat(problem.detail())
                .contains(
                        "rebound.evil.com", "proxy.admin.allowedHosts", "http://localhost:" + connector.getLocalPort());
    }

    @Test
    void refusesARequestWithoutHost() throws Exception {
        start(null);

        RawHttp answer = RawHttp.send(connector.getLocalPort(), "", "GET /routes HTTP/1.0");

        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void refusesTwoHosts() throws Exception {
        start(null);

        RawHttp answer = get("Host: localhost", "Host: evil.com");

        assertThat(answer.status()).isIn(400, 403);
        assertThat(answer.body()).doesNotContain("reached");
    }

    @Test
    void refusesARequestLineThatNamesAnotherHost() throws Exception {
        start(null);

        RawHttp answer =
                RawHttp.send(connector.getLocalPort(), "", "GET http://evil.com/routes HTTP/1.1", "Host: localhost");

        assertThat(answer.status()).isIn(400, 403);
        assertThat(answer.body()).doesNotContain("reached");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8081/routes, localhost:8081, 200",
        "http://LOCALHOST/routes, localhost:80, 200",
        "http://localhost:8081/routes, localhost:9999, 400",
        "http://evil.com/routes, evil.com, 403",
    })
    void readsTheAbsoluteForm(String target, String host, int status) throws Exception {
        start(null);

        RawHttp answer = RawHttp.send(connector.getLocalPort(), "", "GET " + target + " HTTP/1.1", "Host: " + host);

        assertThat(answer.status() == 403 && status == 400 ? 400 : answer.status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8081, localhost:8081",
        "HTTP://LocalHost:8081, localhost:8081",
        "http://localhost, localhost",
        "http://localhost:80, localhost",
        "http://localhost, localhost:80",
        "http://[::1]:8081, [::1]:8081",
        "http://127.0.0.1:8081, 127.0.0.1:8081",
        "http://proxy.example.test, proxy.example.test",
    })
    void letsItsOwnOriginIn(String origin, String host) throws Exception {
        start(null);

        assertThat(get("Host: " + host, "Origin: " + origin).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "http://evil.com",
                "http://localhost:8080",
                "http://localhost",
                "https://localhost:8081",
                "http://localhost.evil.com:8081",
                "http://127.0.0.1:8081",
                "http://localhost:8081.evil.com",
                "http://localhost:8081/",
                "http://localhost:8081@evil.com",
                "localhost:8081",
                "file://",
                "http://web.localhost:8081",
                "http://localhost:8081 http://evil.com",
                "chrome-extension://abc"
            })
    void refusesAForeignOrigin(String origin) throws Exception {
        start(null);

        RawHttp answer = get("Host: localhost:8081", "Origin: " + origin);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("origin-refused");
    }

    @Test
    void refusesAForeignOriginBesideItsOwn() throws Exception {
        start(null);

        RawHttp answer = get("Host: localhost:8081", "Origin: http://localhost:8081", "Origin: http://evil.com");

        assertThat(answer.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"same-origin, 200", "none, 200", "cross-site, 403", "same-site, 403", "Same-Origin, 403", "x, 403"})
    void readsSecFetchSite(String site, int status) throws Exception {
        start(null);

        assertThat(get("Host: localhost:8081", "Sec-Fetch-Site: " + site).status())
                .isEqualTo(status);
    }

    @Test
    void refusesAPreflight() throws Exception {
        start(null);

        RawHttp answer = RawHttp.send(
                connector.getLocalPort(),
                "",
                "OPTIONS /routes HTTP/1.1",
                "Host: localhost:8081",
                "Origin: http://evil.com",
                "Access-Control-Request-Method: POST");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.head()).doesNotContainIgnoringCase("access-control-allow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "trace"})
    void refusesTrace(String method) throws Exception {
        start(null);

        RawHttp answer =
                RawHttp.send(connector.getLocalPort(), "", method + " /routes HTTP/1.1", "Host: localhost", "X-A: b");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("GET").doesNotContain("TRACE");
        assertThat(answer.body()).doesNotContain("X-A");
    }

    @Test
    void asksForTheTokenWhereOneIsConfigured() throws Exception {
        start(TOKEN);

        RawHttp answer = get("Host: localhost");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"portway admin\"");
        assertThat(answer.body()).contains("proxy.admin.token").doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer " + TOKEN, "bearer " + TOKEN, "BEARER  " + TOKEN})
    void letsTheTokenIn(String authorization) throws Exception {
        start(TOKEN);

        assertThat(get("Host: localhost", "Authorization: " + authorization).status())
                .isEqualTo(200);
    }

    @Test
    void takesTheTokenAsABrowsersPassword() throws Exception {
        start(TOKEN);

        assertThat(get("Host: localhost", "Authorization: Basic " + base64("me:" + TOKEN))
                        .status())
                .isEqualTo(200);
        assertThat(get("Host: localhost", "Authorization: Basic " + base64(TOKEN + ":me"))
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Bearer not-a-real-toke",
                "Bearer not-a-real-tokenn",
                TOKEN,
                "Token " + TOKEN,
                "Basic !!!",
                "Basic ",
                "Basic bm90aGluZw==",
                "Bearer " + TOKEN + " " + TOKEN
            })
    void keepsEverythingElseOut(String authorization) throws Exception {
        start(TOKEN);

        assertThat(get("Host: localhost", "Authorization: " + authorization).status())
                .isEqualTo(401);
    }

    @Test
    void refusesTwoAuthorizations() throws Exception {
        start(TOKEN);

        assertThat(get("Host: localhost", "Authorization: Bearer x", "Authorization: Bearer " + TOKEN)
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /live, 200",
        "GET, /ready, 200",
        "HEAD, /live, 200",
        "GET, /live?x=y, 200",
        "POST, /live, 401",
        "GET, /live/, 401",
        "GET, /live;x, 401",
        "GET, /%6cive, 401",
        "GET, /routes/../live, 401",
        "GET, /live/../routes, 401",
        "GET, //live, 401",
        "GET, /Live, 401",
    })
    void leavesTheProbesOpenAndNothingElse(String method, String path, int status) throws Exception {
        start(TOKEN);

        RawHttp answer =
                RawHttp.send(connector.getLocalPort(), "", method + " " + path + " HTTP/1.1", "Host: localhost");

        assertThat(answer.status() == 400 ? 401 : answer.status()).isEqualTo(status);
    }

    @Test
    void asksTheProbesForAGoodHostAllTheSame() throws Exception {
        start(TOKEN);

        assertThat(RawHttp.send(connector.getLocalPort(), "", "GET /live HTTP/1.1", "Host: evil.com")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void marksEveryAnswerAsItsOwnPagesOnly() throws Exception {
        start(null);

        RawHttp answer = get("Host: localhost");

        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    }

    private RawHttp get(String... fields) throws IOException {
        String[] lines = new String[fields.length + 1];
        lines[0] = "GET /routes HTTP/1.1";
        System.arraycopy(fields, 0, lines, 1, fields.length);
        return RawHttp.send(connector.getLocalPort(), "", lines);
    }

    private void start(@Nullable String token) throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new AdminGuard(
                new AdminConfig("10.1.2.3", 8081, token, List.of("Proxy.Example.test.")), new Reached()));
        server.start();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static final class Reached extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Content.Sink.write(response, true, "reached", callback);
            return true;
        }
    }
}
