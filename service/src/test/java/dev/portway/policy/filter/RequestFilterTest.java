package dev.portway.policy.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import dev.portway.RawHttp2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFilterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-HTTP-Method-Override: DELETE",
                "x-http-method-override: delete",
                "X_HTTP_Method_Override: DELETE",
                "X-HTTP-Method: DELETE",
                "X-Method-Override: GET, DELETE"
            })
    void refusesAMethodThatAHeaderNamesInPlaceOfTheRequestsOwn(String override) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = filtering(origin, "\"methods\": [\"GET\", \"POST\"]")) {
            String request = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n";

            assertThat(proxy.raw(request + override + "\r\n\r\n").status()).isEqualTo(405);
            assertThat(proxy.raw(request.replace("/ ", "/?_method=DELETE ") + "\r\n")
                            .status())
                    .isEqualTo(405);
            assertThat(origin.untaken()).isEmpty();
            assertThat(proxy.raw(request + "X-HTTP-Method-Override: GET\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dot-segments, /a/../b",
        "dot-segments, /a/%2E%2e/b",
        "dot-segments, /a/..%2fb",
        "dot-segments, /a/..;x/b",
        "dot-segments, /a%5c..%5cb",
        "dot-segments, /a/.",
        "double-slashes, /a//b",
        "encoded-slashes, /a%2Fb",
        "backslashes, /a%5cb"
    })
    void refusesWhatNoPathMayHaveInIt(String trick, String path) throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = filtering(origin, "\"refusedPaths\": [\"" + trick + "\"]")) {
            assertThat(status(proxy, "GET " + path, "")).isEqualTo(400);
            assertThat(origin.untaken()).isEmpty();
            assertThat(status(proxy, "GET /a.b/..c/...?d=../e//f", "")).isEqualTo(200);
        }
    }

    @Test
    void refusesTypesOfBodiesThatAreNotLetThrough() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = filtering(origin, "\"types\": [\"application/json\", \"image/*\"]")) {
            assertThat(status(proxy, "POST /", "Content-Type: text/plain\r\nContent-Length: 0\r\n"))
                    .as("without a body there is no type to refuse")
                    .isEqualTo(200);
            origin.forget();

            assertThat(post(proxy, "Content-Type: text/plain\r\n")).isEqualTo(415);
            assertThat(post(proxy, "Content-Type: application/jsonp\r\n")).isEqualTo(415);
            assertThat(post(proxy, "")).isEqualTo(415);
            assertThat(post(proxy, "Content-Type: application/json\r\nContent-Type: text/plain\r\n"))
                    .isEqualTo(415);
            assertThat(post(proxy, "Connection: close, Content-Type\r\nContent-Type: application/json\r\n"))
                    .as("a type that the backend does not get is none")
                    .isEqualTo(415);
            assertThat(origin.untaken()).isEmpty();
            assertThat(post(proxy, "content-type: Application/JSON;charset=utf-8\r\n"))
                    .isEqualTo(200);
            assertThat(post(proxy, "Content-Type: image/png\r\n")).isEqualTo(200);
        }
    }

    @Test
    void boundsTheHeadAndTheUrl() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy =
                        filtering(origin, "\"maxHeaders\": 3, \"maxHeaderBytes\": \"100B\", \"maxUrl\": \"10B\"")) {
            assertThat(status(proxy, "GET /", "A: 1\r\nB: 2\r\nC: 3\r\n")).isEqualTo(431);
            assertThat(status(proxy, "GET /", "A: " + "x".repeat(100) + "\r\n")).isEqualTo(431);
            assertThat(status(proxy, "GET /12345?1234", "")).isEqualTo(414);
            assertThat(origin.untaken()).isEmpty();
            assertThat(status(proxy, "GET /1234?1234", "A: 1\r\nB: 2\r\n")).isEqualTo(200);
        }
    }

    @Test
    void refusesABodyThatIsSaidToBeTooLargeBeforeTheBackendIsBothered() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = filtering(origin, "\"maxBody\": \"5B\"")) {
            assertThat(status(proxy, "POST /", "Expect: 100-continue\r\nContent-Length: 6\r\n"))
                    .isEqualTo(413);
            assertThat(origin.untaken()).isEmpty();
            assertThat(origin.used()).isZero();
            assertThat(post(proxy, "")).isEqualTo(200);
        }
    }

    @Test
    void breaksOffABodyOfUnknownLengthWhenItGetsTooLarge() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = filtering(origin, "\"maxBody\": \"5B\"");
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
            await().until(() -> origin.used() == 1);
            client.send("1\r\n6\r\n");
            client.send("0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void breaksOffABodyOfHttp2WhenItGetsTooLarge() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = filtering(origin, "\"maxBody\": \"5B\"");
                RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            client.post(1, "/");
            client.frame(RawHttp2.DATA, 0, 1, new byte[5]);
            await().until(() -> origin.used() == 1);
            client.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[1]);

            assertThat(client.response(1).status()).isEqualTo(413);
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void letsAChunkedBodyThroughThatIsJustAsLargeAsItMayBe() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = filtering(origin, "\"maxBody\": \"5B\"")) {
            RawClient.Response response = proxy.raw(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n");

            assertThat(response.status()).isEqualTo(200);
            assertThat(new String(origin.take().body(), UTF_8)).isEqualTo("12345");
        }
    }

    private static int post(ProxyHarness proxy, String fields) throws Exception {
        return proxy.raw("POST / HTTP/1.1\r\nHost: localhost\r\n" + fields + "Content-Length: 2\r\n\r\n{}")
                .status();
    }

    private static int status(ProxyHarness proxy, String line, String fields) throws Exception {
        return proxy.raw(line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n")
                .status();
    }

    private static ProxyHarness filtering(Origin origin, String rules) {
        return ProxyHarness.withRoutes(
                "[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"filter\": { " + rules + " } }]");
    }
}
