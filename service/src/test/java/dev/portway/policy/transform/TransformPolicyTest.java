package dev.portway.policy.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "/api,                 /",
        "/api/,                /",
        "/api/a/b,             /a/b",
        "/%61pi/a%2Fb?x=%41,   /a%2Fb?x=%41",
        "/api//evil.example/x, /evil.example/x",
        "/x/../api/./c,        /c",
        "/api/..%2Fd,          /..%2Fd",
        "/api/%e2%82%ac|,      /%e2%82%ac|"
    })
    void takesOffTheRoutesOwnPath(String path, String sent) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, "\"path\": \"/api\", \"rewrite\": { \"stripPrefix\": true }")) {
            get(proxy, path);

            assertThat(origin.take().target()).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/one/old/a,      /base/v1/new/a",
        "/one/old/%2e%2e/b, /base/v1/b",
        "/two/old/a,      /base/v1/two/old/a",
        "/one,            /base/v1/"
    })
    void stripsReplacesAndAddsInThisOrder(String path, String sent) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [{ "id": "a", "target": "%s/base", "rewrite": {
                          "stripPrefix": "/one", "pattern": "^/old/(.*)$", "to": "/new/$1", "addPrefix": "/v1" } }]
                        """.formatted(origin.url()))) {
            get(proxy, path);

            assertThat(origin.take().target()).isEqualTo(sent);
        }
    }

    /** Behaviour 24: nothing that comes of a pattern is a dot segment, a host or half an escape. */
    @ParameterizedTest
    @CsvSource({
        "/v../secret, /secret, 200",
        "/v/evil.example, /evil.example, 200",
        "/v%2e%2e/x, /x, 200",
        "/v%2Fx, /%2Fx, 200"
    })
    void keepsAPathAPathWhateverThePatternMakesOfIt(String path, String sent, int status) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, "\"rewrite\": { \"pattern\": \"^/v(.*)$\", \"to\": \"/a/$1\" }")) {
            assertThat(get(proxy, path).status()).isEqualTo(status);
            String target = origin.take().target();

            assertThat(target).startsWith("/").doesNotContain("/../").doesNotStartWith("//");
            assertThat(target).endsWith(sent);
        }
    }

    /** Engines that go back would need longer than anybody waits: twice as long for each character more. */
    @ParameterizedTest
    @ValueSource(strings = {"^/(a+)+$", "^/(a|aa)+$", "^/(.*)*x$", "^/(a*)*b", "^/(([a-z])+.)+[A-Z]([a-z])+$"})
    void needsNoLongerForAPatternThatIsMeantToHang(String pattern) throws Exception {
        String path = "/" + "a".repeat(12_000) + "!";
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy =
                        with(origin, "\"rewrite\": { \"pattern\": \"" + pattern + "\", \"to\": \"/matched\" }")) {
            assertThat(get(proxy, path).status()).isEqualTo(200);

            assertThat(origin.take().target()).isEqualTo(path);
        }
    }

    @Test
    void refusesWhatAPatternMakesNoPathOf() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, "\"rewrite\": { \"pattern\": \"^/v(.)(.)\", \"to\": \"/$2$1\" }")) {
            assertThat(get(proxy, "/v%41").status()).isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void sendsOtherQueries() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [
                          { "id": "none", "path": "/none", "target": "%1$s", "request": { "forwardQuery": false } },
                          { "id": "some", "path": "/some", "target": "%1$s?base=1", "request": { "query": {
                            "remove": ["debug"], "set": { "from": "{client.ip}", "a b": "{request.path}&x=y" } } } }
                        ]
                        """.formatted(origin.url()))) {
            get(proxy, "/none?a=b");
            assertThat(origin.take().target()).isEqualTo("/none");
            get(proxy, "/some?from=me&%64ebug=1&x=%41+b&debug&y&a+b=2");
            assertThat(origin.take().target()).isEqualTo("/some?base=1&x=%41+b&y&from=127.0.0.1&a%20b=%2Fsome%26x%3Dy");
            get(proxy, "/some");
            assertThat(origin.take().target()).isEqualTo("/some?base=1&from=127.0.0.1&a%20b=%2Fsome%26x%3Dy");
        }
    }

    /** Behaviour 51. */
    @Test
    void sendsAnotherMethodAndBody() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, """
                        "request": { "method": "POST", "body": "{\\"ä\\": 1}",
                          "headers": { "set": { "Content-Type": "application/json" } } }
                        """)) {
            assertThat(get(proxy, "/").text()).isEqualTo("ok");
            var bodiless = origin.take();
            assertThat(proxy.raw("""
                            PUT / HTTP/1.1\r
                            Host: a\r
                            Content-Type: text/plain\r
                            Content-Encoding: gzip\r
                            Transfer-Encoding: chunked\r
                            \r
                            3\r
                            abc\r
                            0\r
                            \r
                            """).text()).isEqualTo("ok");
            var withBody = origin.take();

            assertThat(bodiless.method()).isEqualTo("POST");
            assertThat(bodiless.bodyText()).isEqualTo("{\"ä\": 1}");
            assertThat(bodiless.field("Content-Length")).isEqualTo(String.valueOf("{\"ä\": 1}".getBytes(UTF_8).length));
            assertThat(withBody.bodyText()).isEqualTo("{\"ä\": 1}");
            assertThat(withBody.all("Transfer-Encoding")).isEmpty();
            assertThat(withBody.all("Content-Encoding")).isEmpty();
            assertThat(withBody.field("Content-Type")).isEqualTo("application/json");
        }
    }

    @Test
    void servesOneConnectionOnAfterABodyThatWasDropped() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, "\"request\": { \"body\": \"mine\" }");
                var client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
                        .send("first");
                assertThat(client.read().text()).isEqualTo("ok");
                assertThat(origin.take().bodyText()).isEqualTo("mine");
            }
        }
    }

    @Test
    void asksWithHeadForAClientThatSentGetAndTheOtherWayRound() throws Exception {
        try (Origin origin = Origin.answering(exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                        + (exchange.request().method().equals("HEAD") ? "" : "hello")));
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [
                          { "id": "head", "path": "/head", "target": "%1$s", "request": { "method": "HEAD" } },
                          { "id": "get", "path": "/get", "target": "%1$s", "request": { "method": "GET" } }
                        ]
                        """.formatted(origin.url()));
                var client = proxy.connect()) {
            assertThat(client.send("GET /head HTTP/1.1\r\nHost: a\r\n\r\n")
                            .read()
                            .text())
                    .isEmpty();
            var head = client.send("HEAD /get HTTP/1.1\r\nHost: a\r\n\r\n").read("HEAD");
            assertThat(head.field("Content-Length")).isEqualTo("5");
            assertThat(client.send("POST /get HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                            .read()
                            .text())
                    .isEqualTo("hello");
        }
    }

    /** Who asks for a protocol that the route does not let through, or with a body, is no handshake. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nUpgrade: none/1\r\n",
                "GET / HTTP/1.1\r\nUpgrade: none/1\r\n",
                "POST / HTTP/1.1\r\nUpgrade: websocket\r\n"
            })
    void noUpgradeLeadsRoundTheMethodAndBodyOfARoute(String head) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, "\"request\": { \"method\": \"PUT\", \"body\": \"own\" }")) {
            proxy.raw(head + "Connection: upgrade\r\nHost: a\r\nContent-Length: 3\r\n\r\nhis");

            Origin.Received sent = origin.take();
            assertThat(sent.method()).isEqualTo("PUT");
            assertThat(sent.bodyText()).isEqualTo("own");
        }
    }

    @Test
    void explainsWhatWouldBeSent() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, "\"path\": \"/api\", \"rewrite\": { \"stripPrefix\": true }")) {
            assertThat(proxy.admin("POST", "/explain", "{\"url\": \"/api/x?y=z\"}")
                            .body())
                    .contains(origin.url() + "/x?y=z");
        }
    }

    private static RawClient.Response get(ProxyHarness proxy, String target) throws Exception {
        return proxy.raw("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    private static ProxyHarness with(Origin origin, String rules) {
        return ProxyHarness.withRoutes("[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", " + rules + " }]");
    }
}
