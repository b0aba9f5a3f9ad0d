package dev.portway.policy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A guarded route's backend, asked for by another route. */
class WayRoundTest {

    @ParameterizedTest
    @ValueSource(strings = {"/public/..;/admin", "/public/..%2fadmin", "/public;a%2Fb/..%2F..%2Fadmin"})
    void theDefaultRouteIsGuardedToo(String path) throws Exception {
        try (Origin origin = Origin.replying(200, "the-secret");
                ProxyHarness proxy = ProxyHarness.of("""
                        { "proxy": { "port": 0, "admin": { "port": 0 } },
                          "routes": [ { "id": "public", "path": "/public", "target": "%1$s", "auth": false } ],
                          "default": { "target": "%1$s" },
                          "logging": { "level": "WARN", "access": false },
                          "security": { "auth": { %2$s } } }
                        """.formatted(origin.url(), Credentials.basic()))) {
            assertThat(status(proxy, "GET " + path)).isIn(400, 401);
            assertThat(origin.untaken()).isEmpty();
            assertThat(status(proxy, "GET /public/x")).isEqualTo(200);
        }
    }

    @Test
    void aFilterIsNoWaySlippedPast() throws Exception {
        try (Origin origin = Origin.replying(200, "the-secret");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [ { "id": "open", "target": "%1$s" },
                          { "id": "api", "path": "/admin", "target": "%1$s",
                            "filter": { "methods": ["GET"], "blockedPaths": ["/admin/keys"] } } ]
                        """.formatted(origin.url()))) {
            assertThat(status(proxy, "DELETE //admin/users")).isEqualTo(400);
            assertThat(status(proxy, "GET /x/..;/admin/keys")).isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void oneBackendInTwoSpellingsIsOne() throws Exception {
        try (Origin origin = Origin.replying(200, "the-secret");
                ProxyHarness proxy =
                        ProxyHarness.withRoutes("""
                        [ { "id": "open", "target": %d },
                          { "id": "guarded", "path": "/admin", "target": "%s", "auth": { %s } } ]
                        """.formatted(origin.port(), origin.url(), Credentials.basic()))) {
            assertThat(status(proxy, "GET //admin")).isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void aMethodThatAHeaderNamesIsGuardedToo() throws Exception {
        try (Origin origin = Origin.replying(200, "deleted");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [ { "id": "open", "target": "%1$s" },
                          { "id": "guarded", "methods": ["DELETE"], "target": "%1$s", "auth": { %2$s } } ]
                        """.formatted(origin.url(), Credentials.basic()))) {
            assertThat(status(proxy, "DELETE /x")).isEqualTo(401);
            assertThat(status(proxy, "GET /x", "X-HTTP-Method-Override: delete"))
                    .isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void norIsAnotherSpellingOfThatHeaderOrAParameterAWayRound() throws Exception {
        try (Origin origin = Origin.replying(200, "deleted");
                ProxyHarness proxy = deletingGuarded(origin)) {
            for (String lines : List.of(
                    "x_http_method_override: DELETE",
                    "X-HTTP-Method-Override: GET\r\nX-HTTP-Method-Override: DELETE",
                    "X-HTTP-Method-Override: GET, delete",
                    "X-HTTP-Method: DELETE",
                    "X-Method.Override: DELETE")) {
                assertThat(status(proxy, "GET /x", lines)).as(lines).isEqualTo(400);
            }
            for (String query : List.of(
                    "_method=DELETE",
                    "a=b&_method=delete",
                    "%5Fmethod=%44ELETE",
                    ".method=DELETE",
                    "+_method=DELETE")) {
                assertThat(status(proxy, "POST /x?" + query)).as(query).isEqualTo(400);
            }
            assertThat(origin.untaken()).isEmpty();
            assertThat(status(proxy, "GET /x?_method=HEAD&method=DELETE")).isEqualTo(200);
        }
    }

    @Test
    void moreMethodsThanAnybodyNamesAreNotLookedInto() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = deletingGuarded(origin)) {
            String many = "X-HTTP-Method: " + String.join(",", "ABCDEFGHIJ".split(""));

            assertThat(status(proxy, "GET /x", many)).isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    private static ProxyHarness deletingGuarded(Origin origin) {
        return ProxyHarness.withRoutes("""
                [ { "id": "open", "target": "%1$s" },
                  { "id": "guarded", "methods": ["DELETE"], "target": "%1$s", "auth": { %2$s } } ]
                """.formatted(origin.url(), Credentials.basic()));
    }

    @Test
    void noClientSaysWhatItHasAskedFor() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.withRoutes("[ { \"target\": \"" + origin.url() + "\" } ]")) {
            for (String name : List.of(
                    "X-Original-URL",
                    "x-rewrite-url",
                    "X_Original_URL",
                    "X-Original_URI",
                    "X-Forwarded-Uri",
                    "X-Forwarded-Path",
                    "X.Rewrite.URL",
                    "X-Script-Name",
                    "SCRIPT_NAME",
                    "PATH_INFO",
                    "X-Matched-Path",
                    "X-Original-Host",
                    "X-HTTP-Host-Override")) {
                String line = name + ": /admin\r\n";
                String head = "POST /x HTTP/1.1\r\nHost: localhost\r\nX-Original-Name: a.txt\r\n" + line;

                assertThat(proxy.raw(head + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + line + "\r\n")
                                .status())
                        .isEqualTo(200);

                Origin.Received got = origin.take();
                assertThat(got.fieldLines()).noneMatch(field -> field.contains("/admin"));
                assertThat(got.field("X-Original-Name")).isEqualTo("a.txt");
                assertThat(got.trailers()).isEmpty();
            }
        }
    }

    @Test
    void whatATrustedProxyRepeatsLeadsNobodyToWhatIsGuarded() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                Origin other = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.with("\"trustedProxies\": [\"127.0.0.1\"]", """
                        [ { "id": "beside", "path": "/beside", "target": "%1$s" },
                          { "id": "guarded", "path": "/admin", "target": "%1$s", "auth": { %2$s } },
                          { "id": "filtered", "path": "/filtered", "target": "%3$s",
                            "filter": { "blockedPaths": ["/filtered/x"] } } ]
                        """.formatted(
                                origin.url(), Credentials.basic(), other.url()))) {
            String[] fields = {"X-Original-URL: /admin", "X-Forwarded-Uri: /admin", "X-Forwarded-Prefix: /app"};

            assertThat(status(proxy, "GET /beside", fields)).isEqualTo(200);
            assertThat(status(proxy, "GET /filtered", fields)).isEqualTo(200);

            for (Origin.Received got : List.of(origin.take(), other.take())) {
                assertThat(got.field("X-Original-URL")).isNull();
                assertThat(got.field("X-Forwarded-Uri")).isNull();
                assertThat(got.field("X-Forwarded-Prefix")).isEqualTo("/app");
            }
        }
    }

    @Test
    void aTrustedProxySaysWhatItWasAskedForWhereNothingIsGuarded() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy =
                        ProxyHarness.with("\"trustedProxies\": [\"127.0.0.1\"]", """
                        [ { "target": "%s", "request": { "headers": { "set": { "X-Rewrite-URL": "{request.path}" } } } } ]
                        """.formatted(origin.url()))) {
            assertThat(status(proxy, "GET /x", "X-Original-URI: /asked", "X-Forwarded-Uri: /asked"))
                    .isEqualTo(200);

            Origin.Received got = origin.take();
            assertThat(got.field("X-Original-URI")).isEqualTo("/asked");
            assertThat(got.field("X-Forwarded-Uri")).isEqualTo("/asked");
            assertThat(got.field("X-Rewrite-URL")).isEqualTo("/x");
        }
    }

    @Test
    void noPathLeadsOutOfATargetsBase() throws Exception {
        try (Origin origin = Origin.replying(200, "the-secret");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [ { "id": "open", "path": "/shop", "target": "%1$s/admin/public" },
                          { "id": "guarded", "path": "/admin", "target": "%1$s", "auth": { %2$s } } ]
                        """.formatted(origin.url(), Credentials.basic()))) {
            assertThat(status(proxy, "GET /shop/..%2f..%2fusers")).isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
            assertThat(status(proxy, "GET /shop/a%2fb")).isEqualTo(200);
        }
    }

    @Test
    void aPrefixThatIsEscapedIsGuarded() throws Exception {
        try (Origin origin = Origin.replying(200, "the-secret");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [ { "id": "open", "target": "%1$s" },
                          { "id": "guarded", "path": "/admin%%20area", "target": "%1$s", "auth": { %2$s } } ]
                        """.formatted(origin.url(), Credentials.basic()))) {
            assertThat(status(proxy, "GET /pub/..%2fadmin%20area")).isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void aRewriteIsNoWayRound() throws Exception {
        try (Origin origin = Origin.replying(200, "the-secret");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [ { "id": "open", "path": "/pub", "target": "%1$s", "rewrite": { "stripPrefix": true } },
                          { "id": "guarded", "path": "/admin", "target": "%1$s", "auth": { %2$s } } ]
                        """.formatted(origin.url(), Credentials.basic()))) {
            for (String path :
                    List.of("/pub/admin", "/pub/%61dmin", "/pub//admin/x", "/pub/x/../admin", "/pub/x/..;/admin")) {
                assertThat(status(proxy, "GET " + path)).as(path).isEqualTo(400);
                assertThat(status(proxy, "GET " + path, "Connection: Upgrade", "Upgrade: websocket"))
                        .as(path)
                        .isEqualTo(400);
            }
            assertThat(status(proxy, "GET /pub/" + "x%2f".repeat(1000))).isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
            assertThat(status(proxy, "GET /pub/x")).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'stripPrefix': '/x' | /x/admin | /x/pub",
                "'pattern': '^/old/(.*)', 'to': '/$1' | /old/admin | /old/pub"
            })
    void aRewriteForAllRoutesIsNoWayRound(String rewrite, String round, String open) throws Exception {
        try (Origin origin = Origin.replying(200, "the-secret");
                ProxyHarness proxy =
                        ProxyHarness.of("""
                        {
                          "proxy": { "port": 0, "admin": { "port": 0 } },
                          "routes": [
                            { "id": "open", "path": "/", "target": "%1$s" },
                            { "id": "guarded", "path": "/admin", "target": "%1$s", "auth": { %2$s } }
                          ],
                          "default": { "target": null },
                          "logging": { "level": "WARN", "access": false },
                          "security": { "rewrite": { %3$s } }
                        }
                        """.formatted(origin.url(), Credentials.basic(), rewrite.replace('\'', '"')))) {
            assertThat(status(proxy, "GET /admin")).isEqualTo(401);
            assertThat(status(proxy, "GET " + round)).isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
            assertThat(status(proxy, "GET " + open)).isEqualTo(200);
        }
    }

    private static int status(ProxyHarness proxy, String line, String... fields) throws Exception {
        String head = line + " HTTP/1.1\r\nHost: localhost\r\n"
                + String.join(
                        "", Arrays.stream(fields).map(field -> field + "\r\n").toList());
        return proxy.raw(head + "\r\n").status();
    }
}
