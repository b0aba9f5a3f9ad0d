package dev.portway.policy.cors;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import dev.portway.RawHttp2;
import java.io.IOException;
import java.util.Base64;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorsPolicyTest {

    private static final String APP = "https://app.example";

    @Test
    void answersAPreflightWithoutTheBackend() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = cors(origin, """
                        "origins": ["https://app.example"], "methods": ["GET", "PUT"], "headers": ["X-A", "X-B"],
                        "exposedHeaders": ["X-C"], "credentials": true, "maxAge": "10m"
                        """)) {
            var answer = preflight(proxy, APP, "Access-Control-Request-Headers: x-a\r\n");

            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo(APP);
            assertThat(answer.field("Access-Control-Allow-Methods")).isEqualTo("GET, PUT");
            assertThat(answer.field("Access-Control-Allow-Headers")).isEqualTo("X-A, X-B");
            assertThat(answer.field("Access-Control-Allow-Credentials")).isEqualTo("true");
            assertThat(answer.field("Access-Control-Max-Age")).isEqualTo("600");
            assertThat(answer.field("Access-Control-Expose-Headers")).isNull();
            assertThat(answer.field("Vary"))
                    .isEqualTo("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
            assertThat(answer.field("Content-Length")).isNull();
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void letsThroughTheHeadersAskedForWhereNoneAreNamed() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = cors(origin, "\"origins\": \"*\"")) {
            var answer = preflight(proxy, APP, "Access-Control-Request-Headers: content-type,x-mine\r\n");

            assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(answer.field("Access-Control-Allow-Headers")).isEqualTo("content-type,x-mine");
            assertThat(answer.field("Access-Control-Allow-Methods")).isEqualTo("GET, HEAD, POST, PUT, PATCH, DELETE");
            assertThat(answer.field("Access-Control-Allow-Credentials")).isNull();
            assertThat(answer.field("Access-Control-Max-Age")).isNull();
        }
    }

    @Test
    void answersAPreflightThatTheOtherRulesWouldNotLetThrough() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [{ "id": "a", "target": "%s", "cors": { "origins": ["%s"] }, "filter": { "methods": ["GET"] } }]
                        """.formatted(origin.url(), APP))) {
            assertThat(preflight(proxy, APP, "").status()).isEqualTo(204);
        }
    }

    @Test
    void answersAPreflightThatBringsNoKeyAndAsksEveryOtherRequestForOne() throws Exception {
        String key = "k".repeat(20);
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.withRoutes(
                        """
                        [{ "id": "a", "target": "%s", "cors": { "origins": ["%s"] },
                           "auth": { "apiKey": { "keys": { "ci": "sha256:%s" } } } }]
                        """.formatted(origin.url(), APP, Hashing.sha256().hashString(key, US_ASCII)))) {
            var preflight = preflight(proxy, APP, "Access-Control-Request-Headers: x-api-key\r\n");
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.field("Access-Control-Allow-Headers")).isEqualTo("x-api-key");

            var unknown = get(proxy, APP);
            assertThat(unknown.status()).isEqualTo(401);
            assertThat(unknown.field("Access-Control-Allow-Origin")).isEqualTo(APP); // so that its script can read it
            var foreign = get(proxy, "https://evil.example");
            assertThat(foreign.status()).isEqualTo(401);
            assertThat(foreign.field("Access-Control-Allow-Origin")).isNull();
            assertThat(proxy.raw("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n").status())
                    .isEqualTo(401); // no preflight
            assertThat(proxy.raw("OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: " + APP + "\r\n\r\n")
                            .status())
                    .isEqualTo(401); // nor this
            assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: a\r\nOrigin: " + APP
                                    + "\r\nAccess-Control-Request-Method: PUT\r\n\r\n")
                            .status())
                    .isEqualTo(401); // nor this
            assertThat(origin.untaken()).isEmpty();

            var known = proxy.raw("GET / HTTP/1.1\r\nHost: a\r\nOrigin: " + APP + "\r\nX-Api-Key: " + key + "\r\n\r\n");
            assertThat(known.text()).isEqualTo("ok");
            assertThat(known.field("Access-Control-Allow-Origin")).isEqualTo(APP);
        }
    }

    @Test
    void letsNobodyInWhoseAddressIsDenied() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [{ "id": "a", "target": "%s", "cors": { "origins": ["%s"] }, "clients": { "deny": ["127.0.0.1"] } }]
                        """.formatted(origin.url(), APP))) {
            preflight(proxy, APP, "");
            var denied = get(proxy, APP);

            assertThat(denied.status()).isEqualTo(403);
            assertThat(denied.field("Access-Control-Allow-Origin")).isEqualTo(APP);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void refusesAPreflightOfAnOriginThatIsNotLetIn() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = cors(origin, "\"origins\": [\"https://app.example\"]")) {
            var answer = preflight(proxy, "https://evil.example", "");

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.field("Access-Control-Allow-Origin")).isNull();
            assertThat(answer.field("Vary")).contains("Origin");
            assertThat(answer.text()).contains("https://evil.example");
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void passesOnAnOptionsThatIsNoPreflight() throws Exception {
        try (Origin origin = Origin.replying(200, "mine");
                ProxyHarness proxy = cors(origin, "\"origins\": [\"https://app.example\"]")) {
            var plain = proxy.raw("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
            var withOrigin = proxy.raw("OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: " + APP + "\r\n\r\n");

            assertThat(plain.text()).isEqualTo("mine");
            assertThat(withOrigin.text()).isEqualTo("mine");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example",
                "https://a.b.sub.example",
                "https://a.sub.example:8443",
                "http://[::1]:5173"
            })
    void marksResponsesToOriginsThatAreLetIn(String page) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = cors(origin, """
                        "origins": ["https://app.example:443", "https://*.sub.example", "https://*.sub.example:8443",
                                    "http://[0:0::1]:5173"], "exposedHeaders": ["X-C", "X-D"]
                        """)) {
            var answer = get(proxy, page);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo(page);
            assertThat(answer.field("Access-Control-Expose-Headers")).isEqualTo("X-C, X-D");
            assertThat(answer.field("Vary")).isEqualTo("Origin");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app.example",
                "https://app.example:8443",
                "https://app.example.evil.test",
                "https://sub.example",
                "https://evilsub.example",
                "https://evil.test:443.sub.example",
                "https://evil.test/.sub.example",
                "https://x@evil.sub.example",
                "https://evil.test?.sub.example",
                "https://.sub.example:1",
                "https://APP.example",
                "null",
                "*"
            })
    void passesOnButDoesNotMarkThoseOfOthers(String page) throws Exception {
        try (Origin origin = Origin.sending(
                        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nok");
                ProxyHarness proxy =
                        cors(origin, "\"origins\": [\"https://app.example\", \"https://*.sub.example\"]")) {
            var answer = get(proxy, page);

            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.all("Access-Control-Allow-Origin")).isEmpty();
            assertThat(answer.field("Vary")).isEqualTo("Origin");
        }
    }

    @Test
    void doesNotMarkAResponseToTwoOriginsAtOnce() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = cors(origin, "\"origins\": [\"https://app.example\"]")) {
            var answer =
                    proxy.raw("GET / HTTP/1.1\r\nHost: a\r\nOrigin: " + APP + "\r\nOrigin: https://b.example\r\n\r\n");

            assertThat(answer.all("Access-Control-Allow-Origin")).isEmpty();
        }
    }

    @Test
    void letsInTheNullOriginWhereItIsNamed() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = cors(origin, "\"origins\": [\"null\"]")) {
            assertThat(get(proxy, "null").field("Access-Control-Allow-Origin")).isEqualTo("null");
        }
    }

    @Test
    void saysThatEveryOriginIsLetInToCachesToo() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = cors(origin, "\"origins\": \"*\"")) {
            var answer = proxy.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(answer.field("Vary")).isNull();
        }
    }

    @Test
    void replacesWhatTheBackendSaysAndMergesItsVary() throws Exception {
        try (Origin origin = Origin.sending("""
                        HTTP/1.1 200 OK\r
                        Access-Control-Allow-Origin: https://other.example\r
                        access-control-allow-credentials: true\r
                        Access-Control-Allow-Methods: PATCH\r
                        Vary: Accept, origin\r
                        Content-Length: 2\r
                        \r
                        ok""");
                ProxyHarness proxy = cors(origin, "\"origins\": [\"https://app.example\"]")) {
            var answer = get(proxy, APP);

            assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo(APP);
            assertThat(answer.all("Access-Control-Allow-Credentials")).isEmpty();
            assertThat(answer.all("Access-Control-Allow-Methods")).isEmpty();
            assertThat(answer.field("Vary")).isEqualTo("Accept, origin");
            origin.thenSending("HTTP/1.1 200 OK\r\nVary: Accept\r\nContent-Length: 2\r\n\r\nok");
            assertThat(String.join(", ", get(proxy, APP).all("Vary"))).isEqualTo("Accept, Origin");
            origin.thenSending("HTTP/1.1 200 OK\r\nVary: *\r\nContent-Length: 2\r\n\r\nok");
            assertThat(get(proxy, APP).field("Vary")).isEqualTo("*");
        }
    }

    @Test
    void marksTheProxysOwnErrors() throws Exception {
        int nobody;
        try (Origin origin = Origin.replying(200, "ok")) {
            nobody = origin.port();
        }
        try (ProxyHarness proxy = ProxyHarness.withRoutes("""
                [
                  { "id": "down", "target": "http://127.0.0.1:%1$d", "cors": { "origins": ["%2$s"] } },
                  { "path": "/filtered", "target": "http://127.0.0.1:%1$d", "cors": { "origins": ["%2$s"] },
                    "filter": { "methods": ["POST"] } }
                ]
                """.formatted(nobody, APP))) {
            var down = get(proxy, APP);
            var filtered = proxy.raw("GET /filtered HTTP/1.1\r\nHost: a\r\nOrigin: " + APP + "\r\n\r\n");

            assertThat(down.status()).isEqualTo(502);
            assertThat(down.field("Access-Control-Allow-Origin")).isEqualTo(APP);
            assertThat(filtered.status()).isEqualTo(405);
            assertThat(filtered.field("Access-Control-Allow-Origin")).isEqualTo(APP);
        }
    }

    @Test
    void takesTheRuleOfSecurityUnlessARouteHasItsOwn() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.of("""
                        {
                          "proxy": { "port": 0, "admin": { "port": 0 } },
                          "routes": [
                            { "id": "own", "path": "/own", "target": "%1$s", "cors": { "origins": ["https://own.example"] } },
                            { "id": "off", "path": "/off", "target": "%1$s", "cors": false }
                          ],
                          "default": { "target": "%1$s" },
                          "logging": { "level": "WARN", "access": false },
                          "security": { "cors": { "origins": ["%2$s"] } }
                        }
                        """.formatted(origin.url(), APP))) {
            assertThat(get(proxy, APP).field("Access-Control-Allow-Origin")).isEqualTo(APP);
            assertThat(proxy.raw("GET /own HTTP/1.1\r\nHost: a\r\nOrigin: " + APP + "\r\n\r\n")
                            .all("Access-Control-Allow-Origin"))
                    .isEmpty();
            assertThat(proxy.raw("GET /off HTTP/1.1\r\nHost: a\r\nOrigin: " + APP + "\r\n\r\n")
                            .all("Vary"))
                    .isEmpty();
            assertThat(proxy.admin("GET", "/routes/own?effective=true", null).body())
                    .contains("https://own.example", "\"credentials\"");
        }
    }

    /** A page of another site must not open a WebSocket with its visitor's cookies. */
    @ParameterizedTest
    @CsvSource({
        "https://evil.example, a, 403",
        "null, a, 403",
        "https://a.evil.example, a, 403",
        "https://app.example, a, 101",
        "http://a, a, 101",
        "https://a, A:443, 101",
        "http://a:8080, a:8080, 101",
        "http://a:8081, a:8080, 403",
        "'', a, 101"
    })
    void letsOnlyPagesOpenAWebSocketThatMayUseTheRoute(String page, String host, int status) throws Exception {
        try (Origin origin = Origin.sending("HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                ProxyHarness proxy = cors(origin, "\"origins\": [\"https://app.example\"], \"credentials\": true");
                RawClient client = proxy.connect()) {
            String from = page.isEmpty() ? "" : "Origin: " + page + "\r\n";
            client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + from + "\r\n");

            assertThat(client.readHead().status()).isEqualTo(status);
            assertThat(origin.untaken()).hasSize(status == 101 ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"https://evil.example, 403", "https://app.example, 200", "http://a.test, 200"})
    void aWebSocketOverHttp2IsNoWayRound(String page, int status) throws Exception {
        try (Origin origin = Origin.answering(exchange -> exchange.write(agreement(exchange)));
                ProxyHarness proxy = cors(origin, "\"origins\": [\"https://app.example\"]");
                RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            String[] ask = RawHttp2.request(
                    "CONNECT", "/", ":protocol", "websocket", "sec-websocket-version", "13", "origin", page);
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.block(ask));

            MetaData.Response answer =
                    (MetaData.Response) client.await(RawHttp2.HEADERS).data();
            assertThat(answer.getStatus()).isEqualTo(status);
        }
    }

    @Test
    void twoOriginsAreNone() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = cors(origin, "\"origins\": [\"https://app.example\"]")) {
            assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: "
                                    + APP + "\r\nOrigin: https://evil.example\r\n\r\n")
                            .status())
                    .isEqualTo(403);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @SuppressWarnings("deprecation") // RFC 6455, section 4.2.2, says SHA-1
    private static String agreement(Origin.Exchange exchange) {
        String key = exchange.request().field("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        byte[] digest = Hashing.sha1().hashString(key, US_ASCII).asBytes();
        return "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
    }

    private static RawClient.Response preflight(ProxyHarness proxy, String page, String fields) throws IOException {
        return proxy.raw("OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: " + page
                + "\r\nAccess-Control-Request-Method: PUT\r\n" + fields + "\r\n");
    }

    private static RawClient.Response get(ProxyHarness proxy, String page) throws IOException {
        return proxy.raw("GET / HTTP/1.1\r\nHost: a\r\nOrigin: " + page + "\r\n\r\n");
    }

    private static ProxyHarness cors(Origin origin, String rule) {
        return ProxyHarness.withRoutes(
                "[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"cors\": { " + rule + " } }]");
    }
}
