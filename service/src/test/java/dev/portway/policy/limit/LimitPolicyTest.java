package dev.portway.policy.limit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import java.net.http.HttpResponse;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitPolicyTest {

    @Test
    void answersWhatIsTooMuchWith429AndSaysWhenToTryAgain() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = limiting(origin, "{ \"requests\": 3, \"per\": \"1h\" }")) {
            HttpResponse<String> first = proxy.get("/");
            proxy.get("/");
            proxy.get("/");
            HttpResponse<String> refused = proxy.get("/");

            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.headers().firstValue("RateLimit-Policy")).hasValue("\"client\";q=3;w=3600");
            assertThat(first.headers().firstValue("RateLimit")).hasValue("\"client\";r=2;t=1200");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("RateLimit-Policy")).hasValue("\"client\";q=3;w=3600");
            String retryAfter = refused.headers().firstValue("Retry-After").orElseThrow();
            assertThat(Integer.parseInt(retryAfter)).isBetween(1, 1200);
            assertThat(refused.headers().firstValue("RateLimit")).hasValue("\"client\";r=0;t=" + retryAfter);
            assertThat(refused.headers().firstValue("Proxy-Status")).hasValue("portway; error=http_request_denied");
            assertThat(refused.body()).contains("more than 3 requests in 1h");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"header:X-Api-Key", "cookie:key"})
    void countsByWhatTheRequestCarries(String key) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy =
                        limiting(origin, "{ \"requests\": 1, \"per\": \"1h\", \"key\": \"" + key + "\" }")) {
            assertThat(status(proxy, "X-Api-Key: a\r\nCookie: key=a\r\n")).isEqualTo(200);
            assertThat(status(proxy, "X-Api-Key: b\r\nCookie: key=b\r\n")).isEqualTo(200);
            assertThat(status(proxy, "x-api-key: a\r\ncookie: other=1; key=a\r\n"))
                    .isEqualTo(429);
            String other = "x".repeat(4000);
            assertThat(status(proxy, "X-Api-Key: " + other + "\r\nCookie: key=" + other + "\r\n"))
                    .isEqualTo(200);
            assertThat(status(proxy, "X-Api-Key: " + other + "\r\nCookie: key=" + other + "\r\n"))
                    .isEqualTo(429);
            assertThat(status(proxy, "")).isEqualTo(200);
            assertThat(status(proxy, "")).isEqualTo(429);
            assertThat(status(proxy, "X-Api-Key: 127.0.0.1\r\nCookie: key=127.0.0.1\r\n"))
                    .as("what a client says is not what is known of it")
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "header:X-Api-Key, 'X-Api-Key: real\r\nX-Api-Key: %d'",
        "header:X-Api-Key, 'X_Api_Key: real\r\nX-Api-Key: %d'",
        "cookie:sid, 'Cookie: sid=%d; sid=real'",
        "cookie:sid, 'Cookie: sid=%d;\tsid =real'",
        "cookie:sid, 'Cookie: sid=%d\r\nCookie: SID=real'"
    })
    void countsWhatSaysSeveralThingsTogether(String key, String fields) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy =
                        limiting(origin, "{ \"requests\": 1, \"per\": \"1h\", \"key\": \"" + key + "\" }")) {
            assertThat(status(proxy, fields.formatted(1) + "\r\n")).isEqualTo(200);
            assertThat(status(proxy, fields.formatted(2) + "\r\n")).isEqualTo(429);
            assertThat(status(proxy, "X-Api-Key: +\r\nCookie: sid=+\r\n"))
                    .as("what a client says is not what is known of it")
                    .isEqualTo(200);
        }
    }

    @Test
    void countsByAClaimThatIsProven() throws Exception {
        String secret = "0123456789abcdef0123456789abcdef";
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [{ "id": "a", "target": "%s", "auth": { "jwt": { "secret": "%s" } },
                           "rateLimit": { "requests": 1, "per": "1h", "key": "jwt:team" } }]
                        """.formatted(origin.url(), secret))) {
            assertThat(status(proxy, bearer(secret, "ada", "red"))).isEqualTo(200);
            assertThat(status(proxy, bearer(secret, "bob", "red")))
                    .as("of one team")
                    .isEqualTo(429);
            assertThat(status(proxy, bearer(secret, "ada", "blue"))).isEqualTo(200);
            assertThat(status(proxy, bearer(secret, "ada", "127.0.0.1"))).isEqualTo(200);
            assertThat(status(proxy, bearer(secret, "ada", null)))
                    .as("by the client")
                    .isEqualTo(200);
            assertThat(status(proxy, bearer(secret, "bob", null))).isEqualTo(429);
            for (int i = 0; i < 3; i++) {
                assertThat(status(proxy, bearer("another one, long enough for a key", "ada", "green")))
                        .as("nothing is counted that is not proven")
                        .isEqualTo(401);
            }
            assertThat(status(proxy, bearer(secret, "ada", "green"))).isEqualTo(200);
        }
    }

    private static String bearer(String secret, String name, @Nullable String team) throws Exception {
        JwtClaims claims = new JwtClaims();
        claims.setSubject(name);
        claims.setClaim("team", team);
        claims.setExpirationTimeMinutesInTheFuture(10);
        JsonWebSignature token = new JsonWebSignature();
        token.setPayload(claims.toJson());
        token.setKey(new SecretKeySpec(secret.getBytes(UTF_8), "HMAC"));
        token.setAlgorithmHeaderValue("HS256");
        return "Authorization: Bearer " + token.getCompactSerialization() + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer  token", "Bearer\ttoken", "bEARER \t token"})
    void countsOneTokenOnceHoweverItIsSpelled(String spelled) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy =
                        limiting(origin, "{ \"requests\": 1, \"per\": \"1h\", \"key\": \"header:Authorization\" }")) {
            assertThat(status(proxy, "Authorization: Bearer token\r\n")).isEqualTo(200);
            assertThat(status(proxy, "Authorization: " + spelled + "\r\n")).isEqualTo(429);
            assertThat(status(proxy, "Authorization: Bearer Token\r\n")).isEqualTo(200);
        }
    }

    @Test
    void tellsOfNoShorterWindowThanHolds() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = limiting(origin, "{ \"requests\": 10, \"per\": \"1900ms\" }")) {
            assertThat(proxy.get("/").headers().firstValue("RateLimit-Policy")).hasValue("\"client\";q=10;w=2");
        }
    }

    @Test
    void countsByALimitThatIsSaidTwiceOnce() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = limiting(
                        origin, "[ { \"requests\": 2, \"per\": \"1h\" }, { \"requests\": 2, \"per\": \"1h\" } ]")) {
            assertThat(status(proxy, "")).isEqualTo(200);
            assertThat(status(proxy, "")).isEqualTo(200);
            assertThat(status(proxy, "")).isEqualTo(429);
        }
    }

    @Test
    void countsByTheClientThatATrustedProxyTellsOf() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.with(
                        "\"trustedProxies\": [\"127.0.0.1\"]",
                        routes(origin, "{ \"requests\": 1, \"per\": \"1h\" }"))) {
            assertThat(status(proxy, "X-Forwarded-For: 203.0.113.1\r\n")).isEqualTo(200);
            assertThat(status(proxy, "X-Forwarded-For: 203.0.113.2\r\n")).isEqualTo(200);
            assertThat(status(proxy, "X-Forwarded-For: 203.0.113.1\r\n")).isEqualTo(429);
            assertThat(status(proxy, "X-Forwarded-For: 2001:db8:1:2:3::4\r\n")).isEqualTo(200);
            assertThat(status(proxy, "X-Forwarded-For: 2001:db8:1:2::9\r\n")).isEqualTo(429);
            assertThat(status(proxy, "X-Forwarded-For: 2001:db8:1:3::9\r\n")).isEqualTo(200);
        }
    }

    @Test
    void countsARequestByNoLimitWhereOneOfThemRefusesIt() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = limiting(origin, """
                        [ { "requests": 3, "per": "1h", "key": "route" },
                          { "requests": 1, "per": "1h", "key": "header:X-Api-Key" } ]
                        """)) {
            assertThat(status(proxy, "X-Api-Key: a\r\n")).isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                assertThat(status(proxy, "X-Api-Key: a\r\n")).isEqualTo(429);
            }
            RawClient.Response other = proxy.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: b\r\n\r\n");

            assertThat(other.status()).isEqualTo(200);
            assertThat(other.field("RateLimit-Policy")).isEqualTo("\"route\";q=3;w=3600, \"header\";q=1;w=3600");
            assertThat(other.field("RateLimit")).startsWith("\"route\";r=1;t=").contains(", \"header\";r=0;t=3600");
        }
    }

    @Test
    void countsTheRoutesThatTakeOverALimitTogetherAndByRouteEachByItself() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.of("""
                        {
                          "proxy": { "port": 0, "admin": { "port": 0 } },
                          "routes": [
                            { "id": "a", "path": "/a", "target": "%1$s" },
                            { "id": "b", "path": "/b", "target": "%1$s" },
                            { "id": "c", "path": "/c", "target": "%1$s", "rateLimit": { "requests": 1, "per": "1h", "key": "route" } },
                            { "id": "free", "path": "/free", "target": "%1$s", "rateLimit": false }
                          ],
                          "default": { "target": null },
                          "logging": { "level": "WARN", "access": false },
                          "security": { "rateLimit": [
                            { "requests": 3, "per": "1h" },
                            { "requests": 2, "per": "1h", "key": "route" } ] }
                        }
                        """.formatted(origin.url()))) {
            assertThat(proxy.get("/a").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/a").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/a").statusCode()).isEqualTo(429);
            assertThat(proxy.get("/b").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/b").statusCode()).isEqualTo(429);
            assertThat(proxy.get("/c").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/c").statusCode()).isEqualTo(429);
            assertThat(proxy.get("/free").headers().firstValue("RateLimit")).isEmpty();
            assertThat(proxy.get("/free").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void outlivesReloadsThatDoNotChangeIt() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = limiting(origin, "{ \"requests\": 1, \"per\": \"1h\" }")) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);

            String other = "{ \"id\": \"b\", \"path\": \"/b\", \"target\": \"" + origin.url() + "\" }";
            assertThat(proxy.admin("POST", "/routes", other).statusCode()).isEqualTo(201);
            assertThat(proxy.get("/").statusCode()).isEqualTo(429);

            String more = "{ \"rateLimit\": { \"requests\": 2, \"per\": \"1h\" } }";
            assertThat(proxy.admin("PATCH", "/routes/a", more).statusCode()).isEqualTo(200);
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);

            String before = "{ \"rateLimit\": { \"requests\": 1, \"per\": \"1h\", \"burst\": null } }";
            assertThat(proxy.admin("PATCH", "/routes/a", before).statusCode()).isEqualTo(200);
            assertThat(proxy.get("/").statusCode())
                    .as("nobody used it meanwhile, so it was forgotten")
                    .isEqualTo(200);
        }
    }

    @Test
    void letsSoManyPassAtATime() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = limiting(origin, "{ \"concurrent\": 1 }");
                RawClient slow = proxy.connect()) {
            slow.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\na");
            await().until(() -> origin.used() == 1); // it has the place, not one of those that follow
            assertThat(proxy.get("/").statusCode()).isEqualTo(429);
            RawClient.Response refused = proxy.raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(refused.field("RateLimit-Policy")).isEqualTo("\"client\";q=1;qu=\"concurrent-requests\"");
            assertThat(refused.field("RateLimit")).isEqualTo("\"client\";r=0");
            assertThat(refused.field("Retry-After")).isEqualTo("1");

            slow.send("b");
            assertThat(slow.read().status()).isEqualTo(200);
            await().until(() -> proxy.get("/").statusCode() == 200);
        }
    }

    @Test
    void countsARequestOutWhoseClientHasLeft() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = limiting(origin, "{ \"concurrent\": 1 }")) {
            try (RawClient slow = proxy.connect()) {
                slow.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\na");
                await().until(() -> origin.used() == 1); // it has the place, not one of those that follow
                assertThat(proxy.get("/").statusCode()).isEqualTo(429);
            }

            await().until(() -> proxy.get("/").statusCode() == 200);
        }
    }

    private static int status(ProxyHarness proxy, String fields) throws Exception {
        return proxy.raw("GET / HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n")
                .status();
    }

    private static ProxyHarness limiting(Origin origin, String limits) {
        return ProxyHarness.withRoutes(routes(origin, limits));
    }

    private static String routes(Origin origin, String limits) {
        return "[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"rateLimit\": " + limits + " }]";
    }
}
