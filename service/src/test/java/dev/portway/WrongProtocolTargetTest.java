package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Backends that speak something else than their target says. */
final class WrongProtocolTargetTest {

    private static final JettyOrigin.Answer HELLO = JettyOrigin.Answer.text("hello");

    @Test
    void http1WhereHttp2IsSpoken() throws Exception {
        try (Origin origin = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    throw new IOException("closed");
                });
                ProxyHarness proxy = routing(origin.url().replace("http:", "h2c:"))) {

            assertSays(proxy, "does not speak HTTP/2");
        }
    }

    @Test
    void tlsWhereHttpIsSpoken() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(TestCertificates.LOCALHOST, HELLO);
                ProxyHarness proxy = routing(origin.url("http"))) {

            assertSays(proxy, "https://");
        }
    }

    @Test
    void tlsWhereHttp2IsSpokenInClearText() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(TestCertificates.LOCALHOST, HELLO);
                ProxyHarness proxy = routing(origin.url("h2c"))) {

            assertSays(proxy, "does not speak HTTP/2");
        }
    }

    @Test
    void clearTextWhereTlsIsSpoken() throws Exception {
        try (JettyOrigin origin = JettyOrigin.clear(HELLO);
                ProxyHarness proxy = routing(origin.url("h2"))) {

            assertSays(proxy, "h2c://");
        }
    }

    private static void assertSays(ProxyHarness proxy, String text) throws Exception {
        HttpResponse<String> answer = proxy.get("/");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
        assertThat(answer.body()).contains(text);
    }

    private static ProxyHarness routing(String target) {
        return ProxyHarness.withRoutes("{\"/\": \"" + target + "\"}");
    }
}
