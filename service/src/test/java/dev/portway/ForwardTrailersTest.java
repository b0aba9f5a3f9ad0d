package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.eclipse.jetty.http.HttpField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trailer sections in both directions (RFC 9110, section 6.5). */
final class ForwardTrailersTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "");
        proxy = ProxyHarness.routing("/", origin);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void passesAnnouncedTrailersToTheClient() throws IOException { // behaviour 16
        origin.thenSending(CHUNKED + "Trailer: X-Sum, X-More\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\nX-More: a b\r\n\r\n");

        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\n\r\n");

        assertThat(response.text()).isEqualTo("hi");
        assertThat(response.field("Trailer")).isEqualTo("X-Sum, X-More");
        assertThat(response.trailers()).isEqualTo("X-Sum: 1\nX-More: a b\n");
        assertThat(response.all("X-Sum")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2\r\nhi\r\n", "1\r\nh\r\n1\r\ni\r\n", ""})
    void passesUnannouncedTrailersToTheClient(String chunks) throws IOException { // behaviour 17
        origin.thenSending(CHUNKED + "\r\n" + chunks + "0\r\nX-Sum: 1\r\nX-Sum: 2\r\n\r\n");

        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.trailers()).isEqualTo("X-Sum: 1\nX-Sum: 2\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Trailer: X-Sum\r\n", ""})
    void passesTrailersToTheBackend(String announcement) throws IOException { // behaviour 18
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        proxy.raw("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" + announcement
                + "\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n");

        Origin.Received received = origin.take();
        assertThat(received.bodyText()).isEqualTo("hi");
        assertThat(received.trailers()).isEqualTo("X-Sum: 1\n");
        assertThat(received.all("X-Sum")).isEmpty();
        assertThat(received.all("Trailer")).hasSize(announcement.isEmpty() ? 0 : 1);
    }

    @Test
    void keepsWhatBelongsInTheHeadOutOfTrailers() throws IOException { // behaviour 18
        origin.thenSending(CHUNKED + "\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a=b\r\nContent-Length: 9\r\n\r\n");
        try (RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n");
            client.send("X-Sum: 1\r\nX-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\n");
            client.send("Authorization: Basic eDp5\r\nHost: other\r\n\r\n");

            assertThat(client.read().trailers()).isEqualTo("X-Sum: 1\n");
            assertThat(origin.take().trailers()).isEqualTo("X-Sum: 1\n");
        }
    }

    @Test
    void servesTheNextRequestAfterTrailers() throws IOException { // behaviour 18
        origin.thenSending(CHUNKED + "\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n");
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
                client.send("2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n");

                assertThat(client.read().trailers()).isEqualTo("X-Sum: 1\n");
                assertThat(origin.take().trailers()).isEqualTo("X-Sum: 1\n");
            }
        }
    }

    @Test
    void passesTrailersBetweenAClientOverHttp2AndABackendOverHttp1() throws IOException { // behaviour 18
        origin.thenSending(CHUNKED + "\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\nX-Sum: 2\r\n\r\n");
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            client.post(1, "/", "te", "trailers").data(1, "hello");
            int last = RawHttp2.END_HEADERS | RawHttp2.END_STREAM;
            client.frame(RawHttp2.HEADERS, last, 1, RawHttp2.block("x-sum", "3", "host", "other"));

            RawHttp2.Response response = client.response(1);

            assertThat(response.body()).isEqualTo("hi");
            assertThat(response.trailers()).extracting(HttpField::toString).containsExactly("x-sum: 1", "x-sum: 2");
            Origin.Received received = origin.take();
            assertThat(received.bodyText()).isEqualTo("hello");
            assertThat(received.trailers()).isEqualToIgnoringCase("x-sum: 3\n");
        }
    }

    @Test
    void sendsAnOldClientNoTrailers() throws IOException { // behaviour 49
        origin.thenSending(CHUNKED + "\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n");

        RawClient.Response response = proxy.raw("GET / HTTP/1.0\r\nHost: h\r\n\r\n");

        assertThat(response.text()).isEqualTo("hi");
        assertThat(response.all("Transfer-Encoding")).isEmpty();
    }

    @Test
    void takesTrailersForAnOrdinaryField() throws IOException { // behaviour 19
        origin.thenSending("HTTP/1.1 200 OK\r\nTrailers: x\r\nContent-Length: 2\r\n\r\nhi");

        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.field("Trailers")).isEqualTo("x");
        assertThat(response.field("Content-Length")).isEqualTo("2");
    }
}
