package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, and the statuses and methods whose responses have no body. */
final class ForwardMethodsTest {

    private static final String NOTHING = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "HEAD",
                "POST",
                "PUT",
                "PATCH",
                "DELETE",
                "OPTIONS",
                "TRACE",
                "PROPFIND",
                "QUERY",
                "MKCOL",
                "M-SEARCH",
                "get",
                "Post",
                "purge",
                "X!#$%&'*+.^_`|~9"
            })
    void forwardsEveryMethodAsItIs(String method) throws IOException { // behaviour 51
        origin.thenSending(NOTHING);

        RawClient.Response response = proxy.raw(method + " /a HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
        assertThat(origin.take().requestLine()).isEqualTo(method + " /a HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "DELETE", "OPTIONS", "PROPFIND"})
    void addsNoBodyToARequestWithoutOne(String method) throws IOException { // behaviours 27, 28
        origin.thenSending(NOTHING);

        proxy.raw(method + " / HTTP/1.1\r\nHost: h\r\n\r\n");

        Origin.Received received = origin.take();
        assertThat(received.all("Transfer-Encoding")).isEmpty();
        assertThat(received.all("Content-Length")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT"})
    void keepsTheLengthOfAnEmptyBody(String method) throws IOException { // behaviour 28
        origin.thenSending(NOTHING);

        proxy.raw(method + " / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");

        Origin.Received received = origin.take();
        assertThat(received.all("Transfer-Encoding")).isEmpty();
        assertThat(received.all("Content-Length")).containsExactly("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET", "DELETE", "QUERY", "OPTIONS"})
    void forwardsTheBodyOfAnyMethod(String method) throws IOException { // behaviour 26
        origin.thenSending(NOTHING);

        proxy.raw(method + " / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");

        Origin.Received received = origin.take();
        assertThat(received.field("Content-Length")).isEqualTo("5");
        assertThat(received.bodyText()).isEqualTo("hello");
    }

    @Test
    void sendsNoBodyInAnswerToHead() throws IOException { // behaviour 50
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 42\r\nETag: \"e\"\r\n\r\n");
        try (RawClient client = proxy.connect()) {
            RawClient.Response head =
                    client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n").read("HEAD");
            origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            RawClient.Response next =
                    client.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n").read("GET");

            assertThat(head.field("Content-Length")).isEqualTo("42");
            assertThat(head.field("ETag")).isEqualTo("\"e\"");
            assertThat(next.text()).isEqualTo("hi");
        }
    }

    @Test
    void takesTheHeadOfAChunkedResponse() throws IOException { // behaviour 50
        origin.thenSending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        try (RawClient client = proxy.connect()) {
            RawClient.Response head =
                    client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n").read("HEAD");
            origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            RawClient.Response next =
                    client.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n").read("GET");

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.all("Content-Length")).as("a length nobody knows").isEmpty();
            assertThat(next.text()).isEqualTo("hi");
        }
    }

    @Test
    void inventsNoLengthInAnswerToHead() throws IOException { // behaviour 50
        origin.thenSending("HTTP/1.1 200 OK\r\nX-A: b\r\n\r\n");

        RawClient.Response head = proxy.raw("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(head.all("Content-Length")).isEmpty();
        assertThat(head.field("X-A")).isEqualTo("b");
    }

    @Test
    void relays204WithoutBodyOrLength() throws IOException { // behaviour 1
        origin.thenSending("HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n");
        try (RawClient client = proxy.connect()) {
            RawClient.Response response =
                    client.send("DELETE /a HTTP/1.1\r\nHost: h\r\n\r\n").read("DELETE");
            origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            RawClient.Response next =
                    client.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n").read("GET");

            assertThat(response.status()).isEqualTo(204);
            assertThat(response.field("X-A")).isEqualTo("b");
            assertThat(response.all("Content-Length")).isEmpty();
            assertThat(response.all("Transfer-Encoding")).isEmpty();
            assertThat(next.text()).isEqualTo("hi");
        }
    }

    @Test
    void relays304WithItsFieldsAndNoBody() throws IOException { // behaviour 1
        origin.thenSending("HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\nContent-Length: 42\r\n\r\n");
        try (RawClient client = proxy.connect()) {
            RawClient.Response response = client.send("GET /a HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"e\"\r\n\r\n")
                    .read("GET");
            String condition = origin.take().field("If-None-Match");
            origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            RawClient.Response next =
                    client.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n").read("GET");

            assertThat(response.status()).isEqualTo(304);
            assertThat(response.field("ETag")).isEqualTo("\"e\"");
            assertThat(condition).isEqualTo("\"e\"");
            assertThat(next.text()).isEqualTo("hi");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 206, 299, 302, 345, 400, 404, 418, 429, 451, 500, 503, 599, 999})
    void relaysAnyStatus(int status) throws IOException { // behaviour 1
        origin.thenSending("HTTP/1.1 " + status + " Odd\r\nContent-Length: 2\r\n\r\nhi");

        RawClient.Response response = proxy.raw("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text()).isEqualTo("hi");
        assertThat(response.all("Proxy-Status")).as("the backend's own answer").isEmpty();
    }

    @Test
    void forwardsTheAsteriskOfOptions() throws IOException { // behaviour 51
        origin.thenSending(NOTHING);

        RawClient.Response response = proxy.raw("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
        assertThat(origin.take().requestLine()).isEqualTo("OPTIONS * HTTP/1.1");
    }

    @Test
    void refusesTheAsteriskOfOtherMethods() throws IOException {
        origin.thenSending(NOTHING);

        RawClient.Response response = proxy.raw("GET * HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(400);
        assertThat(origin.untaken()).isEmpty();
    }
}
