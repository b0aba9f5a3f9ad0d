package dev.portway.policy.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseRepairTest {

    private static final String STRIPPED = "\"path\": \"/api\", \"rewrite\": { \"stripPrefix\": true }";

    /** Behaviour 52. */
    @ParameterizedTest
    @CsvSource({
        "/login?x=/y,                      /api/login?x=/y",
        "/,                                /api/",
        "/api/login,                       /api/login",
        "/apiary,                          /api/apiary",
        "ORIGIN/login#f,                   http://shop.example:8080/api/login#f",
        "ORIGIN,                           http://shop.example:8080",
        "http://SHOP.example:8080/x,       http://shop.example:8080/api/x",
        "https://shop.example:8080/x,      https://shop.example:8080/api/x",
        "//shop.example:8080/x,            //shop.example:8080/api/x",
        "http://a@shop.example:8080/x,     http://a@shop.example:8080/x",
        "//,                               //",
        "https://other.example/login,      https://other.example/login",
        "http://127.0.0.1:1/login,         http://127.0.0.1:1/login",
        "//other.example/x,                //other.example/x",
        "login,                            login",
        "?a=b,                             ?a=b",
        "mailto:a@b.example,               mailto:a@b.example"
    })
    void putsALocationIntoTheClientsWords(String location, String right) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = with(origin, STRIPPED)) {
            String said = location.replace("ORIGIN", origin.url());
            origin.thenSending("HTTP/1.1 302 Found\r\nLocation: " + said + "\r\nContent-Length: 0\r\n\r\n");

            assertThat(get(proxy).field("Location")).isEqualTo(right);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404})
    void leavesALocationThatRedirectsNobody(int status) throws Exception {
        try (Origin origin =
                        Origin.sending("HTTP/1.1 " + status + " X\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n");
                ProxyHarness proxy = with(origin, STRIPPED)) {
            assertThat(get(proxy).field("Location")).isEqualTo("/login");
        }
    }

    @Test
    void putsContentLocationAndRefreshRightAndCountsIt() throws Exception {
        try (Origin origin = Origin.sending("""
                        HTTP/1.1 201 Created\r
                        Location: /a\r
                        Content-Location: /b\r
                        Refresh: 5; URL="/c"\r
                        Refresh: 5;url=/d\r
                        Refresh: 5, URL = /e\r
                        Refresh: 5; url=\r
                        Refresh: 5\r
                        Content-Length: 0\r
                        \r
                        """);
                ProxyHarness proxy = with(origin, STRIPPED)) {
            RawClient.Response answer = get(proxy);

            assertThat(answer.field("Location")).isEqualTo("/api/a");
            assertThat(answer.field("Content-Location")).isEqualTo("/api/b");
            assertThat(answer.all("Refresh"))
                    .containsExactly("5; URL=\"/api/c\"", "5;url=/api/d", "5, URL = /api/e", "5; url=", "5");
            assertThat(proxy.admin("GET", "/prometheus", null).body())
                    .containsPattern("portway_repaired_fields_total 5(\\.0)?")
                    .containsPattern("portway_route_repaired_fields_total\\{route=\"a\"} 5(\\.0)?");
        }
    }

    /** Behaviour 53. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "a=b; Path=/                           > a=b; Path=/api",
                "a=b;path=/admin; HttpOnly             > a=b;path=/api/admin; HttpOnly",
                "a=\"x;Path=/\"                        > a=\"x;Path=/api",
                "a=b; Path=/api/x                      > a=b; Path=/api/x",
                "a=b                                   > a=b",
                "__Host-a=b; Path=/; Secure            > __Host-a=b; Path=/; Secure",
                "a=b; Domain=app.internal; Secure      > a=b; Secure",
                "a=b; Domain=.internal                 > a=b",
                "a=b; domain=elsewhere.example; Path=x > a=b; domain=elsewhere.example; Path=x"
            })
    void putsPathAndDomainOfCookiesRight(String cookie, String right) throws Exception {
        try (Origin origin = Origin.sending("HTTP/1.1 200 OK\r\nSet-Cookie: " + cookie
                        + "\r\nSet-Cookie: z=1\r\nContent-Length: 0\r\n\r\n");
                ProxyHarness proxy = with(origin, STRIPPED + ", \"hostHeader\": \"app.internal\"")) {
            var cookies = get(proxy).all("Set-Cookie");

            assertThat(cookies).hasSize(2).contains("z=1");
            assertThat(cookies.get(0)).startsWith(right);
        }
    }

    @Test
    void knowsTheHostThatItSent() throws Exception {
        try (Origin origin = Origin.sending(
                        "HTTP/1.1 301 X\r\nLocation: https://app.internal/x\r\nContent-Length: 0\r\n\r\n");
                ProxyHarness proxy = with(origin, "\"path\": \"/api\", \"hostHeader\": \"app.internal\"")) {
            assertThat(get(proxy).field("Location")).isEqualTo("http://shop.example:8080/x");
        }
    }

    @Test
    void takesOffWhatItPutsBefore() throws Exception {
        try (Origin origin = Origin.sending("""
                        HTTP/1.1 201 Created\r
                        Location: /base/v1/x\r
                        Content-Location: /elsewhere\r
                        Set-Cookie: a=b; Path=/base/v1\r
                        Content-Length: 0\r
                        \r
                        """);
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [{ "id": "a", "path": "/api", "target": "%s/base",
                           "rewrite": { "stripPrefix": true, "addPrefix": "/v1" } }]
                        """.formatted(origin.url()))) {
            RawClient.Response answer = get(proxy);

            assertThat(answer.field("Location")).isEqualTo("/api/x");
            assertThat(answer.field("Content-Location")).isEqualTo("/elsewhere");
            assertThat(answer.field("Set-Cookie")).isEqualTo("a=b; Path=/api/");
        }
    }

    /** What a client has put behind the prefix, and the backend says back, is no host. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/base//evil.example/",
                "/base/\\\\evil.example/",
                "/base///evil.example/",
                "ORIGIN/base//evil.example/"
            })
    void sendsNobodyToAHostOfTheClientsChoice(String location) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy =
                        ProxyHarness.withRoutes("[{ \"id\": \"a\", \"target\": \"" + origin.url() + "/base\" }]")) {
            origin.thenSending("HTTP/1.1 301 X\r\nLocation: " + location.replace("ORIGIN", origin.url())
                    + "\r\nContent-Length: 0\r\n\r\n");

            assertThat(get(proxy).field("Location")).isIn("/evil.example/", "http://shop.example:8080/evil.example/");
        }
    }

    @Test
    void leavesAllAsItIsWhereItIsSwitchedOffOrNothingWasChanged() throws Exception {
        try (Origin origin = Origin.sending("HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");
                ProxyHarness off =
                        with(origin, "\"path\": \"/api\", \"rewrite\": { \"stripPrefix\": true, \"repair\": false }");
                ProxyHarness unchanged = with(origin, "\"path\": \"/api\"")) {
            assertThat(get(off).field("Location")).isEqualTo("/x");
            assertThat(get(unchanged).field("Location")).isEqualTo("/x");
        }
    }

    private static RawClient.Response get(ProxyHarness proxy) throws Exception {
        return proxy.raw("GET /api/y HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n");
    }

    private static ProxyHarness with(Origin origin, String rules) {
        return ProxyHarness.withRoutes("[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", " + rules + " }]");
    }
}
