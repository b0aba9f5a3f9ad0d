package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the backend's fields a client gets, and which it must not get. */
final class ResponseFieldsTest {

    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";

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
    void keepsRepeatedFieldsInOrder() throws IOException { // behaviour 2
        RawClient.Response response = answered(String.join(
                "\r\n",
                "X-Multi: 1",
                "X-Other: x",
                "X-Multi: 2, 3",
                "X-Multi: 1",
                "Vary: A",
                "Vary: B",
                "WWW-Authenticate: Basic realm=\"a\"",
                "WWW-Authenticate: Bearer",
                ""));

        assertThat(response.all("X-Multi")).containsExactly("1", "2, 3", "1");
        assertThat(response.all("Vary")).containsExactly("A", "B");
        assertThat(response.all("WWW-Authenticate")).containsExactly("Basic realm=\"a\"", "Bearer");
    }

    @Test
    void keepsEverySetCookie() throws IOException { // behaviour 3
        RawClient.Response response = answered("Set-Cookie: a=1; Path=/; Expires=" + DATE + "\r\n"
                + "set-cookie: b=2, 3; Domain=x.example; Secure; HttpOnly\r\nSet-Cookie: a=2\r\n");

        assertThat(response.all("Set-Cookie"))
                .containsExactly("a=1; Path=/; Expires=" + DATE, "b=2, 3; Domain=x.example; Secure; HttpOnly", "a=2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: keep-alive",
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Proxy-Authenticate: Basic",
                "Upgrade: h2c",
                "Connection: Upgrade\r\nUpgrade: h2, h2c",
                "TE: trailers"
            })
    void keepsHopByHopFieldsOnTheirHop(String lines) throws IOException {
        RawClient.Response response = answered(lines + "\r\nX-After: b\r\n");

        for (String line : lines.split("\r\n", -1)) {
            assertThat(response.all(line.substring(0, line.indexOf(':')))).isEmpty();
        }
        assertThat(response.field("X-After")).isEqualTo("b"); // behaviour 14
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: X-Named\r\n",
                "Connection: keep-alive, x-named\r\n",
                "Connection: , ,X-NAMED ,\r\n",
                "Connection:\r\nConnection: keep-alive\r\nConnection: X-Named\r\n",
                "Connection: X-Other, X-Named, close\r\n"
            })
    void keepsWhatConnectionNamesOnItsHop(String connection) throws IOException { // behaviour 12
        RawClient.Response response = answered(connection + "X-Named: 1\r\nx-named: 2\r\nX-Extension: keep\r\n");

        assertThat(response.all("X-Named")).isEmpty();
        assertThat(response.all("Connection")).isEmpty();
        assertThat(response.field("X-Extension")).isEqualTo("keep"); // behaviour 14
    }

    @Test
    void keepsTheBackendsDate() throws IOException { // behaviour 1
        assertThat(answered("Date: " + DATE + "\r\n").all("Date")).containsExactly(DATE);
    }

    @Test
    void addsADateWhereThereIsNone() throws IOException {
        assertThat(answered("").all("Date")).hasSize(1);
    }

    @Test
    void inventsNothingElse() throws IOException {
        assertThat(answered("").lines().stream()
                        .skip(1)
                        .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)))
                .containsExactlyInAnyOrder("date", "content-length");
    }

    @Test
    void keepsWhatTheBackendSays() throws IOException { // behaviour 1
        String utf8 = new String("attachment; filename=\"naïve 日本\"".getBytes(UTF_8), ISO_8859_1);
        RawClient.Response response =
                answered("Server: nginx\r\nVia: 1.1 cdn\r\nCache-Control: max-age=1\r\nETag: W/\"x\"\r\n"
                        + "Content-Type: text/x; Charset=Q\r\nX-Empty:\r\nStrict-Transport-Security: max-age=1\r\n"
                        + "Proxy-Status: cdn; error=dns_error\r\nContent-Disposition: " + utf8 + "\r\n");

        assertThat(response.field("Server")).isEqualTo("nginx");
        assertThat(response.field("Via")).isEqualTo("1.1 cdn");
        assertThat(response.field("Cache-Control")).isEqualTo("max-age=1");
        assertThat(response.field("ETag")).isEqualTo("W/\"x\"");
        assertThat(response.field("Content-Type")).isEqualTo("text/x; Charset=Q");
        assertThat(response.field("X-Empty")).isEmpty();
        assertThat(response.field("Strict-Transport-Security")).isEqualTo("max-age=1");
        assertThat(response.field("Proxy-Status")).isEqualTo("cdn; error=dns_error");
        assertThat(response.field("Content-Disposition")).isEqualTo(utf8);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 301, 302, 303, 307, 308})
    void leavesRedirectsAlone(int status) throws IOException { // behaviour 52
        String location = origin.url() + "/b%2Fc?d";
        origin.thenSending(
                "HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");

        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.field("Location")).isEqualTo(location);
        origin.take();
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void leavesACompressedBodyCompressed() throws IOException { // behaviour 30
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("hello".repeat(1000).getBytes(UTF_8));
        }
        String body = bytes.toString(ISO_8859_1);
        origin.thenSending(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n");

        assertThat(response.field("Content-Encoding")).isEqualTo("gzip");
        assertThat(response.field("Content-Length")).isEqualTo(String.valueOf(body.length()));
        assertThat(response.body()).isEqualTo(bytes.toByteArray());
    }

    private static RawClient.Response answered(String fields) throws IOException {
        origin.thenSending("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 2\r\n\r\nhi");
        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(response.text()).isEqualTo("hi");
        return response;
    }
}
