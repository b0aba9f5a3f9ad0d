package dev.portway.policy.headers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import org.junit.jupiter.api.Test;

class HeaderPolicyTest {

    private static final String OK =
            "HTTP/1.1 200 OK\r\nServer: x\r\nX-Multi: 1\r\nX-Multi: 2\r\nContent-Length: 2\r\n\r\nok";

    /** Of "a-key-of-the-test". */
    private static final String HASH = "e1d4d6883a1dd0388c29b3ec3e181e56db77719d289664e2504b99162ee20030";

    /** Behaviour 32, and 98: done anew for each attempt. */
    @Test
    void changesTheFieldsOfARequest() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, """
                        "request": { "headers": {
                          "remove": ["X-Gone"],
                          "set": { "x-set": "new", "X-Unsaid": "{request.query}" },
                          "add": { "X-Add": "2", "X-List": ["a", "b"] },
                          "append": { "X-Append": "3", "X-Fresh": "1" }
                        } }
                        """)) {
            proxy.raw("""
                    GET / HTTP/1.1\r
                    Host: a\r
                    X-Gone: 1\r
                    x-gone: 2\r
                    X-Set: 1\r
                    X-Set: 2\r
                    X-Unsaid: 1\r
                    X-Add: 1\r
                    X-Append: 1\r
                    x-append: 2\r
                    X-Kept: 1\r
                    \r
                    """);

            var received = origin.take();
            assertThat(received.all("X-Gone")).isEmpty();
            assertThat(received.all("X-Set")).containsExactly("new");
            assertThat(received.all("X-Unsaid")).isEmpty();
            assertThat(received.all("X-Add")).containsExactly("1", "2");
            assertThat(received.all("X-List")).containsExactly("a", "b");
            assertThat(received.all("X-Append")).containsExactly("1, 2, 3");
            assertThat(received.field("X-Fresh")).isEqualTo("1");
            assertThat(received.field("X-Kept")).isEqualTo("1");
            assertThat(received.field("X-Forwarded-Host")).isEqualTo("a");
        }
    }

    @Test
    void putsInWhatTheRequestSays() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, """
                        "request": { "headers": { "set": {
                          "X-Client": "{client.ip} by {client.scheme}", "X-Route": "{route.id}", "X-Id": "{request.id}",
                          "X-Target": "{request.method} {request.host} {request.path}?{request.query}",
                          "X-Json": "{\\"a\\": {}}"
                        } } },
                        "response": { "headers": { "set": { "X-Id": "{request.id}" } } }
                        """)) {
            var answer = proxy.raw("GET /a%2Fb/./c?x=%41&y HTTP/1.1\r\nHost: A.example:8080\r\n\r\n");

            var received = origin.take();
            assertThat(received.field("X-Client")).isEqualTo("127.0.0.1 by http");
            assertThat(received.field("X-Route")).isEqualTo("a");
            assertThat(received.field("X-Target")).isEqualTo("GET a.example /a%2Fb/c?x=%41&y");
            assertThat(received.field("X-Json")).isEqualTo("{\"a\": {}}");
            assertThat(received.field("X-Id")).isNotEmpty().isEqualTo(answer.field("X-Id"));
        }
    }

    @Test
    void putsInWhoWasLetInAndNothingWhereNobodyWasAsked() throws Exception {
        String edits = """
                "request": { "headers": { "set": {
                  "X-Who": "{auth.name}", "X-Mail": "{jwt.email}", "X-Both": "a{auth.name}"
                } } }""";
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness asked = with(origin, edits + """
                        , "auth": { "apiKey": { "keys": { "ci":
                        "sha256:%s" } } }""".formatted(HASH));
                ProxyHarness unasked = with(origin, edits)) {
            asked.raw("GET / HTTP/1.1\r\nHost: a\r\nX-Api-Key: a-key-of-the-test\r\nX-Who: forged\r\n\r\n");
            var known = origin.take();
            unasked.raw("GET / HTTP/1.1\r\nHost: a\r\nX-Who: forged\r\n\r\n");
            var unknown = origin.take();

            assertThat(known.all("X-Who")).containsExactly("ci");
            assertThat(known.field("X-Both")).isEqualTo("aci");
            assertThat(known.field("X-Mail")).isNull();
            assertThat(unknown.all("X-Who")).isEmpty();
            assertThat(unknown.field("X-Both")).isEqualTo("a");
        }
    }

    @Test
    void sendsOtherFieldsInPlaceOfTheClients() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, """
                        "request": { "replaceHeaders": { "X-Mine": "{route.id}" }, "headers": { "add": { "X-More": "1" } } }
                        """)) {
            proxy.raw("POST / HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\nX-Mine: forged\r\nContent-Length: 3\r\n\r\nabc");

            var received = origin.take();
            assertThat(received.fieldLines())
                    .contains("Host: h", "X-Mine: a", "X-More: 1", "Content-Length: 3")
                    .noneMatch(line -> line.startsWith("Cookie"));
            assertThat(received.all("X-Mine")).containsExactly("a");
            assertThat(received.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
        }
    }

    /** Behaviour 33. */
    @Test
    void changesTheFieldsOfAResponse() throws Exception {
        try (Origin origin = Origin.sending(OK);
                ProxyHarness proxy = with(origin, """
                        "response": { "headers": {
                          "remove": ["Server"], "set": { "X-Set": "1" }, "add": { "X-Multi": "3" }, "append": { "X-Set": "2" }
                        } }
                        """)) {
            RawClient.Response answer = proxy.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(answer.all("Server")).isEmpty();
            assertThat(answer.all("X-Multi")).containsExactly("1", "2", "3");
            assertThat(answer.all("X-Set")).containsExactly("1, 2");
            assertThat(answer.text()).isEqualTo("ok");
        }
    }

    @Test
    void changesTheProxysOwnErrorsTooWhoeverRefused() throws Exception {
        try (Origin origin = Origin.sending(OK);
                ProxyHarness proxy = with(origin, """
                        "response": { "headers": { "set": { "X-Set": "1" } }, "securityHeaders": true },
                        "filter": { "methods": ["POST"] }
                        """)) {
            RawClient.Response answer = proxy.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.field("X-Set")).isEqualTo("1");
            assertThat(answer.all("X-Content-Type-Options")).containsExactly("nosniff");
            assertThat(answer.field("X-Frame-Options")).isEqualTo("SAMEORIGIN");
        }
    }

    @Test
    void tellsBrowsersToBeCarefulUnlessTheBackendSaidOtherwise() throws Exception {
        try (Origin origin = Origin.sending("HTTP/1.1 200 OK\r\nx-frame-options: DENY\r\nContent-Length: 2\r\n\r\nok");
                ProxyHarness proxy = ProxyHarness.secured("""
                        [{ "id": "a", "target": "%s", "response": {
                          "securityHeaders": true, "headers": { "set": { "Referrer-Policy": "no-referrer" } } } }]
                        """.formatted(origin.url()))) {
            RawClient.Response plain = proxy.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Response secure;
            try (RawClient client = RawClient.secure(proxy.tls(), "http/1.1")) {
                secure =
                        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
            }

            assertThat(plain.all("X-Frame-Options")).containsExactly("DENY");
            assertThat(plain.all("Referrer-Policy")).containsExactly("no-referrer");
            assertThat(plain.field("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(plain.field("Cross-Origin-Opener-Policy")).isEqualTo("same-origin-allow-popups");
            assertThat(plain.field("Cross-Origin-Resource-Policy")).isEqualTo("same-site");
            assertThat(plain.field("Permissions-Policy")).contains("camera=()");
            assertThat(plain.all("Strict-Transport-Security")).isEmpty();
            assertThat(secure.field("Strict-Transport-Security")).isEqualTo("max-age=31536000");
        }
    }

    @Test
    void takesWhatARouteDoesNotSayFromSecurityAndShowsNoSecret() throws Exception {
        try (Origin origin = Origin.sending(OK);
                ProxyHarness proxy = ProxyHarness.of("""
                        {
                          "proxy": { "port": 0, "admin": { "port": 0 } },
                          "routes": [
                            { "id": "own", "path": "/own", "target": "%1$s", "response": { "headers": { "set": { "X-Own": "1" } } } },
                            { "id": "off", "path": "/off", "target": "%1$s", "response": false, "request": { "headers": false } },
                            { "id": "plain", "path": "/plain", "target": "%1$s" }
                          ],
                          "default": { "target": null },
                          "logging": { "level": "WARN", "access": false },
                          "security": { "headers": {
                            "request": { "set": { "Authorization": "Bearer planted-secret", "X-Home": "${HOME:-planted-secret}" } },
                            "response": { "set": { "X-All": "1" } }, "securityHeaders": true
                          } }
                        }
                        """.formatted(origin.url()))) {
            RawClient.Response own = proxy.raw("GET /own HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(origin.take().field("Authorization")).isEqualTo("Bearer planted-secret");
            RawClient.Response off = proxy.raw("GET /off HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(origin.take().field("Authorization")).isNull();
            RawClient.Response plain = proxy.raw("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(own.field("X-Own")).isEqualTo("1");
            assertThat(own.all("X-All")).isEmpty();
            assertThat(own.field("X-Frame-Options")).isNotNull();
            assertThat(off.all("X-Frame-Options")).isEmpty();
            assertThat(plain.field("X-All")).isEqualTo("1");
            String effective =
                    proxy.admin("GET", "/routes/plain?effective=true", null).body();
            assertThat(effective)
                    .contains("\"X-All\"", "${HOME:-planted-secret}", "***")
                    .doesNotContain("Bearer planted-secret");
        }
    }

    @Test
    void whatIsTakenOutComesNeitherBeforeTheResponseNorBehindItsBody() throws Exception {
        try (Origin origin = Origin.sending("""
                        HTTP/1.1 103 Early Hints\r
                        Link: </a.css>\r
                        X-Internal: planted\r
                        \r
                        HTTP/1.1 200 OK\r
                        X-Internal: planted\r
                        Transfer-Encoding: chunked\r
                        \r
                        2\r
                        ok\r
                        0\r
                        X-Internal: planted\r
                        X-Last: 1\r
                        \r
                        """);
                ProxyHarness proxy = with(origin, "\"response\": { \"headers\": { \"remove\": [\"x-internal\"] } }");
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE, close\r\n\r\n");

            String all = new String(client.in().readAllBytes(), US_ASCII);
            assertThat(all).contains("103 ", "Link:", "X-Last: 1").doesNotContain("planted");
        }
    }

    @Test
    void whatIsSetIsNotSaidOtherwiseBehindTheBody() throws Exception {
        try (Origin origin = Origin.sending("""
                        HTTP/1.1 103 Early Hints\r
                        X-Set: planted\r
                        \r
                        HTTP/1.1 200 OK\r
                        X-Set: planted\r
                        Transfer-Encoding: chunked\r
                        \r
                        2\r
                        ok\r
                        0\r
                        X-Set: planted\r
                        X-Last: 1\r
                        \r
                        """);
                ProxyHarness proxy =
                        with(origin, "\"response\": { \"headers\": { \"set\": { \"x-set\": \"right\" } } }");
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE, close\r\n\r\n");

            String all = new String(client.in().readAllBytes(), US_ASCII);
            assertThat(all).contains("x-set: right", "X-Last: 1").doesNotContain("planted");
        }
    }

    private static ProxyHarness with(Origin origin, String rules) {
        return ProxyHarness.withRoutes("[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", " + rules + " }]");
    }
}
