package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of path and query on their way to the backend. */
final class ForwardPathTest {

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "");
        proxy = ProxyHarness.withRoutes("""
                [ { "id": "plain", "target": "URL" },
                  { "id": "based", "host": "based", "target": "URL/base/" },
                  { "id": "escaped", "host": "escaped", "target": "URL/b%2Fc" },
                  { "id": "asking", "host": "asking", "target": "URL/base?k=v" } ]
                """.replace("URL", origin.url()));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a%2Fb%2fc", // behaviour 24
                "//a//b//",
                "/a;x=1/b;y?c;d",
                "/a+b?c+d=e+f",
                "/a?",
                "/?a?b",
                "/??",
                "/%7Euser/%61%41",
                "/a|b/{c}/[d]/^e`\"f",
                "/a\\b",
                "/a%0D%0A%7F",
                "/a%25b%252e%252e",
                "/a%FF%C3",
                "/a/..;x/b/...",
                "/a%2F../b",
                "/.a/..b/c.",
                "/a?b=/../c/./d",
                "/a?b=%zz%2&c=%",
                "/a?b={c}|\"<d>\\^`[e]",
                "/a:b@c,d$e&f=g!h'(i)*"
            })
    void forwardsTheClientsBytes(String target) throws IOException { // behaviours 22, 24
        assertThat(forwarded("h", target)).isEqualTo(target);
    }

    @Test
    void forwardsBytesThatAreUtf8() throws IOException { // behaviour 24
        String target = new String("/café/ü?q=日本".getBytes(UTF_8), ISO_8859_1);

        assertThat(forwarded("h", target)).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/../b, /b",
        "/a/./b, /a/b",
        "/a/%2e%2E/b, /b",
        "/a/.%2e/b?c=../d, /b?c=../d",
        "/a/.., /",
        "/a/b/., /a/b/",
        "/a/../%7Eb;x//c, /%7Eb;x//c",
    })
    void resolvesDotSegments(String target, String expected) throws IOException {
        assertThat(forwarded("h", target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "based, /x?q, /base/x?q", // behaviour 23
        "based, /, /base/",
        "based, //x, /base//x",
        "based, /a/../x, /base/x",
        "based, /a/%2E%2e/x, /base/x",
        "escaped, /d%2Fe, /b%2Fc/d%2Fe", // behaviour 24
        "asking, /x, /base/x?k=v", // behaviour 22
        "asking, /x?a=b, /base/x?k=v&a=b",
        "asking, /x?, /base/x?k=v",
        "asking, /x?k=v?, /base/x?k=v&k=v?",
    })
    void joinsTheTargetsPathAndQuery(String host, String target, String expected) throws IOException {
        assertThat(forwarded(host, target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../b", "/a/../../b", "/%2e%2E/b", "/a%00b", "/a%zz", "/a%2"})
    void refusesAPathThatHasNoMeaning(String target) throws IOException {
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        RawClient.Response response = proxy.raw("GET " + target + " HTTP/1.1\r\nHost: based\r\n\r\n");

        assertThat(response.status()).isEqualTo(400);
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void forwardsALongTarget() throws IOException {
        String target = "/" + "a".repeat(6000) + "?" + "b".repeat(6000);

        assertThat(forwarded("h", target)).isEqualTo(target);
    }

    private static String forwarded(String host, String target) throws IOException {
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        RawClient.Response response = proxy.raw("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        return origin.take().target();
    }
}
