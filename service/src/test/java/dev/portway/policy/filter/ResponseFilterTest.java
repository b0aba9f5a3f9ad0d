package dev.portway.policy.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseFilterTest {

    private static final String CHUNK = "14\r\nsecretsecretsecretse\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    @ParameterizedTest
    @CsvSource({"500, 502", "302, 502", "200, 200", "404, 404"})
    void letsOutTheStatusesThatItMay(int backend, int client) throws Exception {
        try (Origin origin = Origin.sending(
                        "HTTP/1.1 " + backend + " X\r\nX-Secret: secret\r\nContent-Length: 6\r\n\r\nsecret");
                ProxyHarness proxy = filtering(origin, "\"statuses\": [\"200-299\", 404]")) {
            RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(response.status()).isEqualTo(client);
            if (client == 502) {
                assertThat(response.text()).doesNotContain("secret").contains("its status is " + backend);
                assertThat(response.field("X-Secret")).isNull();
            }
        }
    }

    @Test
    void letsOutTheTypesThatItMay() throws Exception {
        try (Origin origin = Origin.sending(OK + "Content-Length: 2\r\n\r\nok");
                ProxyHarness proxy = filtering(origin, "\"types\": [\"text/html\"]")) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(502);

            origin.thenSending(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html;charset=utf-8\r\nContent-Length: 2\r\n\r\nok");
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);

            origin.thenSending("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(proxy.get("/").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void keepsBackABodyThatIsSaidToBeTooLarge() throws Exception {
        try (Origin origin = Origin.sending(OK + "Content-Length: 6\r\n\r\nsecret");
                ProxyHarness proxy = filtering(origin, "\"maxBody\": \"5B\"")) {
            RawClient.Response refused = proxy.raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.text()).doesNotContain("secret");
            assertThat(refused.field("Proxy-Status")).isEqualTo("portway; error=http_response_incomplete");
            origin.thenSending(OK + "Content-Length: 5\r\n\r\n12345");
            assertThat(proxy.get("/").body()).isEqualTo("12345");
        }
    }

    @Test
    void breaksOffABodyThatTurnsOutTooLarge() throws Exception {
        try (Origin origin = Origin.sending(
                        OK + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n6\r\nsecret\r\n0\r\n\r\n");
                ProxyHarness proxy = filtering(origin, "\"maxBody\": \"5B\"");
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(client.rest()).doesNotContain("secret").doesNotEndWith("0\r\n\r\n");
            origin.thenSending(OK + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n");
            assertThat(proxy.get("/").body()).isEqualTo("12345");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", \"compression\": { \"minSize\": \"1B\" }"})
    void answers502WhereTheFirstPieceIsTooLarge(String more) throws Exception {
        try (Origin origin = Origin.sending(OK + "Transfer-Encoding: chunked\r\n\r\n" + CHUNK + "0\r\n\r\n");
                ProxyHarness proxy = ProxyHarness.withRoutes("[{ \"id\": \"a\", \"target\": \"" + origin.url()
                        + "\", \"filter\": { \"response\": { \"maxBody\": \"5B\" } }" + more + " }]")) {
            String request = "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n";
            RawClient.Response whole = proxy.raw(request);
            origin.thenSending(OK + "Transfer-Encoding: chunked\r\n\r\n" + CHUNK); // and goes on, for all one knows
            RawClient.Response begun = proxy.raw(request);

            for (RawClient.Response refused : new RawClient.Response[] {whole, begun}) {
                assertThat(refused.status()).isEqualTo(502);
                assertThat(refused.field("Proxy-Status")).isEqualTo("portway; error=http_response_incomplete");
                assertThat(refused.text()).doesNotContain("secret");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"maxHeaders\": 3', 1, 200",
        "'\"maxHeaders\": 3', 2, 502",
        "'\"maxHeaderBytes\": \"60B\"', 1, 200",
        "'\"maxHeaderBytes\": \"60B\"', 2, 502"
    })
    void keepsBackHeadsThatAreTooLarge(String rule, int more, int status) throws Exception {
        String fields = "X-Secret: 123456789\r\n".repeat(more);
        try (Origin origin =
                        Origin.sending("HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: 2\r\n" + fields + "\r\nok");
                ProxyHarness proxy = filtering(origin, rule)) {
            RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(response.status()).isEqualTo(status);
            if (status == 502) {
                assertThat(response.lines().toString()).doesNotContain("X-Secret");
                assertThat(response.text()).contains("filter");
            }
        }
    }

    private static ProxyHarness filtering(Origin origin, String rules) {
        return ProxyHarness.withRoutes("[{ \"id\": \"a\", \"target\": \"" + origin.url()
                + "\", \"filter\": { \"response\": { " + rules + " } } }]");
    }
}
