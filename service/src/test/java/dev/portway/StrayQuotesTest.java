package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A quotation mark that is never closed, in fields where it means nothing. */
class StrayQuotesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: \"",
                "Connection: keep-alive, \"",
                "Accept: \"",
                "Accept-Encoding: \"",
                "Upgrade: \""
            })
    void costsNobodyAnAnswer(String field) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [ { "id": "a", "path": "/a", "target": "%s", "compression": {} },
                          { "id": "b", "path": "/b", "target": 1 } ]
                        """.formatted(origin.url()))) {
            assertThat(proxy.raw("GET /a HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(proxy.raw("GET /b HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n")
                            .status())
                    .isEqualTo(502);
        }
    }

    @Test
    void ofABackendCostsNobodyAnAnswer() throws Exception {
        try (Origin origin = Origin.sending("HTTP/1.1 200 OK\r\nConnection: \"\r\nContent-Length: 2\r\n\r\nok");
                ProxyHarness proxy = ProxyHarness.routing("/", origin)) {
            assertThat(proxy.get("/").body()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1, 203.0.113.9", "x, 203.0.113.9", "\", 203.0.113.9", "10.0.0.1, \", 203.0.113.9"})
    void hidesNoClientInAForwardedAddress(String addresses) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy =
                        ProxyHarness.with("\"trustedProxies\": [\"127.0.0.1\"]", """
                        [ { "id": "denied", "target": "%s", "clients": { "deny": ["203.0.113.9"] } } ]
                        """.formatted(origin.url()))) {
            int status = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + addresses + "\r\n\r\n")
                    .status();

            assertThat(status).isEqualTo(403);
        }
    }
}
