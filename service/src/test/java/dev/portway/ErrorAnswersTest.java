package dev.portway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy says where it has to answer itself: the contract's table of errors. */
final class ErrorAnswersTest {

    private static final String FROM_AFAR = "X-Forwarded-For: 203.0.113.7\r\n";

    private static Origin origin;
    private static ProxyHarness proxy;
    private static int unused;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "hi");
        try (Origin gone = Origin.replying(200, "")) {
            unused = gone.port();
        }
        proxy = ProxyHarness.with(
                "\"trustedProxies\": [\"127.0.0.1\"], \"limits\": { \"backendConnections\": 1 }",
                """
                [ { "id": "refused", "path": "/refused", "target": "http://127.0.0.1:UNUSED" },
                  { "id": "unknown", "path": "/unknown", "target": "http://no-such-host.invalid" },
                  { "id": "drained", "path": "/drained", "targets": [ { "url": "ORIGIN", "state": "drain" } ] },
                  { "id": "down", "path": "/down", "targets": [ { "url": "ORIGIN", "state": "down" } ] },
                  { "id": "busy", "path": "/busy", "target": "ORIGIN" } ]
                """.replace("UNUSED", String.valueOf(unused)).replace("ORIGIN", origin.url()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nowhere, 404, destination_not_found",
        "GET, /refused, 502, connection_refused", // behaviour 82
        "GET, /unknown, 502, dns_error",
        "GET, /drained, 503, destination_unavailable",
        "GET, /down, 503, destination_unavailable",
        "CONNECT, example.org:443, 405, http_request_denied"
    })
    void tellStatusAndProxyStatus(String method, String target, int status, String error) throws IOException {
        try (RawClient client = proxy.connect()) {
            RawClient.Response response = client.send(
                            method + " " + target + " HTTP/1.1\r\nHost: example.org:443\r\n\r\n")
                    .read();

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=" + error);
            assertThat(response.field("Cache-Control")).isEqualTo("no-store");
            assertThat(response.all("Retry-After")).hasSize(status == 503 ? 1 : 0);
            assertThat(response.text()).startsWith(String.valueOf(status));
            assertThat(response.all("Date")).hasSize(1);
        }
    }

    @Test
    void leaveTheConnectionForTheNextRequest() throws IOException {
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        try (RawClient client = proxy.connect()) {
            for (String path : new String[] {"/nowhere", "/refused", "/drained"}) {
                client.send("POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
                assertThat(client.read().status()).isGreaterThanOrEqualTo(400);
            }
            assertThat(client.send("GET /busy HTTP/1.1\r\nHost: h\r\n\r\n")
                            .read()
                            .text())
                    .isEqualTo("hi");
        }
    }

    @Test
    void tellOfABackendThatHasNoRoom() throws IOException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        origin.then(exchange -> {
            begun.countDown();
            Held.until(end);
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        });
        try (RawClient first = proxy.connect()) {
            first.send("GET /busy HTTP/1.1\r\nHost: h\r\n\r\n");
            Held.until(begun);
            RawClient.Response second = proxy.raw("GET /busy HTTP/1.1\r\nHost: h\r\n\r\n");
            end.countDown();

            assertThat(second.status()).isEqualTo(503);
            assertThat(second.field("Proxy-Status")).isEqualTo("portway; error=connection_limit_reached");
            assertThat(second.field("Retry-After")).isNotEmpty();
            assertThat(first.read().text()).isEqualTo("hi");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | text/html;charset=utf-8",
                "TEXT/HTML | text/html;charset=utf-8",
                "application/json | application/problem+json",
                "application/problem+json | application/problem+json",
                "application/vnd.x+json, */* | application/problem+json",
                "application/json, text/html;q=0.5 | application/problem+json",
                "text/html;q=0, application/json;q=0.1 | application/problem+json",
                "application/json;q=0.1, text/html;q=0.2 | text/html;charset=utf-8",
                "text/plain, text/html;q=0.9 | text/plain;charset=utf-8",
                "*/* | text/plain;charset=utf-8",
                "image/png | text/plain;charset=utf-8",
                "garbage;;q=x,, | text/plain;charset=utf-8",
                "'' | text/plain;charset=utf-8"
            })
    void comeInTheFormTheClientWants(String accept, String type) throws IOException {
        RawClient.Response response = proxy.raw("GET /refused HTTP/1.1\r\nHost: h\r\nAccept: " + accept + "\r\n\r\n");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.field("Content-Type")).isEqualTo(type);
        assertThat(response.field("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void tellALocalClientWhatAndWhy() throws IOException {
        RawClient.Response response = proxy.raw("GET /refused HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\n\r\n");

        JsonNode problem = new ObjectMapper().readTree(response.text());
        assertThat(problem.path("status").asInt()).isEqualTo(502);
        assertThat(problem.path("error").asText()).isEqualTo("connection_refused");
        assertThat(problem.path("route").asText()).isEqualTo("refused");
        assertThat(problem.path("target").asText()).contains("127.0.0.1:" + unused);
        assertThat(problem.path("detail").asText()).contains("nothing listens");
        assertThat(problem.path("advice").asText()).isNotEmpty();
        assertThat(problem.path("requestId").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/html", "*/*"})
    void tellOthersOnlyTheStatusAndTheRequestId(String accept) throws IOException {
        RawClient.Response response = proxy.raw(
                "GET /refused HTTP/1.1\r\nHost: secret-host\r\n" + FROM_AFAR + "Accept: " + accept + "\r\n\r\n");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.text())
                .contains("502")
                .containsIgnoringCase("request")
                .doesNotContain("listens")
                .doesNotContain("127.0.0.1")
                .doesNotContain("secret-host")
                .doesNotContain(String.valueOf(unused));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json", "*/*"})
    void echoNothingUnescaped(String accept) throws IOException {
        RawClient.Response response = proxy.raw("GET /<script>alert('1')</script>?<b> HTTP/1.1\r\nHost: h\r\n"
                + "User-Agent: <script>\r\nReferer: http://<script>\r\nAccept: " + accept
                + ", <script>\r\n\r\n");

        assertThat(response.status()).isEqualTo(404);
        if (accept.equals("text/html")) {
            assertThat(response.text()).doesNotContainIgnoringCase("<script");
        } else {
            assertThat(response.field("Content-Type")).doesNotContain("html");
        }
        assertThat(String.join("\n", response.lines())).doesNotContainIgnoringCase("<script");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/refused", "/drained", "/a%zz"})
    void haveNoBodyForHead(String path) throws IOException { // behaviour 50
        try (RawClient client = proxy.connect()) {
            RawClient.Response response =
                    client.send("HEAD " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").read("HEAD");

            assertThat(response.status()).isGreaterThanOrEqualTo(400);
            assertThat(response.field("Content-Length")).isNotEqualTo("0");
            if (!path.contains("%")) {
                assertThat(client.send("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void refuseToForwardToOtherHosts() throws IOException { // behaviour 97
        try (ProxyHarness fallingBack = ProxyHarness.of("""
                { "proxy": { "port": 0, "admin": { "port": 0 } }, "routes": [], "default": { "target": "URL" },
                  "logging": { "level": "WARN", "access": false } }
                """.replace("URL", origin.url()))) {
            origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            RawClient.Response foreign =
                    fallingBack.raw("GET http://example.org/ HTTP/1.1\r\nHost: example.org\r\n\r\n");
            RawClient.Response own = fallingBack.raw("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(foreign.status()).isEqualTo(404);
            assertThat(own.status()).isEqualTo(200);
            origin.take();
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void tellOfALoopThroughAnotherProxy() throws IOException {
        AtomicReference<ProxyHarness> first = new AtomicReference<>();
        try (Origin back = Origin.answering(exchange -> relay(exchange, requireNonNull(first.get())));
                ProxyHarness second = ProxyHarness.routing("/", back);
                Origin there = Origin.answering(exchange -> relay(exchange, second));
                ProxyHarness looping = ProxyHarness.routing("/", there)) {
            first.set(looping);

            RawClient.Response response = looping.raw("GET /loop HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(response.status()).isEqualTo(508);
            assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=proxy_loop_detected");
            assertThat(back.take().field("Via")).matches("1\\.1 portway-\\w+, 1\\.1 portway-\\w+");
        }
    }

    /** Sends the request on as it came in, and the response back. */
    private static void relay(Origin.Exchange exchange, ProxyHarness next) throws IOException {
        RawClient.Response response = next.raw(text(exchange.request()));
        exchange.write(String.join("\r\n", response.lines()) + "\r\n\r\n" + response.text());
    }

    private static String text(Origin.Received request) {
        return request.requestLine() + "\r\n" + String.join("\r\n", request.fieldLines()) + "\r\n\r\n";
    }
}
