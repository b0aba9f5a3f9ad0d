package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the client's fields a backend gets, and which it must not get. */
final class RequestFieldsTest {

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "");
        proxy = ProxyHarness.withRoutes("""
                [ { "id": "plain", "target": "URL" },
                  { "id": "target", "host": "target", "target": "URL", "hostHeader": "target" },
                  { "id": "named", "host": "named", "target": "URL", "hostHeader": "app.example:8443" },
                  { "id": "preserved", "host": "preserved", "target": "URL", "hostHeader": "preserve" } ]
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
                "Connection: keep-alive",
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Proxy-Authenticate: Basic",
                "Proxy-Authorization: Basic eA==",
                "Connection: Upgrade\r\nUpgrade: foo/1",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
                "TE: gzip"
            })
    void keepsHopByHopFieldsOnTheirHop(String line) throws IOException { // behaviour 10
        Origin.Received received = forwarded(line + "\r\nX-After: b\r\n");

        for (String field : line.split("\r\n", -1)) {
            assertThat(received.all(field.substring(0, field.indexOf(':')))).isEmpty();
        }
        assertThat(received.field("X-After")).isEqualTo("b"); // behaviour 14
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: X-Named\r\n",
                "Connection: keep-alive, x-named\r\n",
                "Connection: , ,X-NAMED ,\r\n",
                "Connection:\r\nConnection: keep-alive\r\nConnection: X-Named\r\n",
                "Connection: X-Named, Keep-Alive, X-Named\r\n"
            })
    void keepsWhatConnectionNamesOnItsHop(String connection) throws IOException { // behaviour 11
        Origin.Received received = forwarded(connection + "X-Named: 1\r\nX-named: 2\r\nX-Extension: keep\r\n");

        assertThat(received.all("X-Named")).isEmpty();
        assertThat(received.all("Connection")).isEmpty();
        assertThat(received.field("X-Extension")).isEqualTo("keep"); // behaviour 14
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"trailers", "trailers, deflate;q=0.5", "deflate, Trailers"})
    void keepsTrailersOfTe(String te) throws IOException { // behaviour 13
        Origin.Received received = forwarded("TE: " + te + "\r\nConnection: TE\r\n");

        assertThat(received.all("TE")).containsExactly("trailers");
    }

    @Test
    void takesTrailersForAnOrdinaryField() throws IOException { // behaviour 19
        assertThat(forwarded("Trailers: x\r\n").field("Trailers")).isEqualTo("x");
    }

    @Test
    void inventsNothing() throws IOException { // behaviours 29, 30
        Origin.Received received = forwarded("");

        assertThat(received.fieldLines().stream()
                        .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)))
                .containsExactlyInAnyOrder(
                        "host",
                        "x-forwarded-for",
                        "x-forwarded-proto",
                        "x-forwarded-host",
                        "x-forwarded-port",
                        "forwarded",
                        "via");
    }

    @Test
    void keepsWhatTheClientSays() throws IOException { // behaviours 29, 30
        Origin.Received received = forwarded(String.join(
                "\r\n",
                "User-Agent: curl/8",
                "Accept-Encoding: br;q=1.0, identity",
                "Accept: */*",
                "Authorization: Bearer x",
                "Content-Type: text/x; charset=Q",
                "X-Empty:",
                ""));

        assertThat(received.field("User-Agent")).isEqualTo("curl/8");
        assertThat(received.field("Accept-Encoding")).isEqualTo("br;q=1.0, identity");
        assertThat(received.field("Accept")).isEqualTo("*/*");
        assertThat(received.field("Authorization")).isEqualTo("Bearer x");
        assertThat(received.field("Content-Type")).isEqualTo("text/x; charset=Q");
        assertThat(received.field("X-Empty")).isEmpty();
    }

    @Test
    void keepsRepeatedFieldsInOrder() throws IOException { // behaviour 2
        Origin.Received received =
                forwarded("X-A: 1\r\nCookie: a=1\r\nX-B: x\r\nX-A: 2, 3\r\nCookie: b=2\r\nX-A: 1\r\n");

        assertThat(received.all("X-A")).containsExactly("1", "2, 3", "1");
        assertThat(received.all("Cookie")).containsExactly("a=1", "b=2");
    }

    @Test
    void keepsTheBytesOfValues() throws IOException {
        String value = new String("naïve, “日本”".getBytes(UTF_8), ISO_8859_1);

        assertThat(forwarded("X-A: " + value + "\r\n").field("X-A")).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "shop.localhost:8080, shop.localhost:8080",
        "SHOP.local, SHOP.local",
        "[::1]:80, [::1]:80",
        "preserved:99, preserved:99",
        "named, app.example:8443",
    })
    void sendsTheHostOfTheRule(String host, String expected) throws IOException { // behaviour 20
        assertThat(forwardedFor(host, "").all("Host")).containsExactly(expected);
    }

    @Test
    void sendsTheTargetsHostAndPortWhereAsked() throws IOException { // behaviours 20, 21
        assertThat(forwardedFor("target", "").all("Host")).containsExactly("127.0.0.1:" + origin.port());
    }

    @Test
    void refusesAnEmptyHost() throws IOException { // behaviour 9
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost:\r\n\r\n");

        assertThat(response.status()).isEqualTo(400);
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void forwardsTheAbsoluteFormInTheOriginForm() throws IOException {
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        proxy.raw("GET http://shop.localhost:8080/a%2Fb?c HTTP/1.1\r\nHost: shop.localhost:8080\r\n\r\n");

        Origin.Received received = origin.take();
        assertThat(received.requestLine()).isEqualTo("GET /a%2Fb?c HTTP/1.1");
        assertThat(received.all("Host")).containsExactly("shop.localhost:8080");
    }

    @Test
    void keepsTheHostThatConnectionNames() throws IOException { // behaviour 11
        Origin.Received received = forwarded("Connection: Host\r\n");

        assertThat(received.all("Host")).containsExactly("h");
    }

    /** Over one connection, of which nothing is remembered. */
    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "Cookie", "User-Agent", "Accept", "Cache-Control", "X-Other"})
    void passesEachValueOnAsItWasWritten(String name) throws IOException {
        try (RawClient client = proxy.connect()) {
            for (String value : List.of("Basic abC=", "basic ABC=", "Basic abC=", "Basic abc=")) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n" + name + ": " + value + "\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(200);
                assertThat(origin.take().field(name)).isEqualTo(value);
            }
        }
    }

    @Test
    void goesWhereEachRequestOfAConnectionIsFor() throws IOException {
        String longer = "a".repeat(60) + "." + "b".repeat(300);
        try (RawClient client = proxy.connect()) {
            for (String host :
                    List.of("preserved", "named", "preserved:80", "PRESERVED", "preserved", longer, "h", longer)) {
                client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(200);
                Origin.Received received = origin.take();
                assertThat(received.field("Host")).isEqualTo(host.equals("named") ? "app.example:8443" : host);
                assertThat(received.field("X-Forwarded-Host")).isEqualTo(host);
            }
        }
    }

    private static Origin.Received forwarded(String fields) throws IOException {
        return forwardedFor("h", fields);
    }

    private static Origin.Received forwardedFor(String host, String fields) throws IOException {
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n");
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        return origin.take();
    }
}
