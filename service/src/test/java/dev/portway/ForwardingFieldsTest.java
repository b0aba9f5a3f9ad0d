package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend is told about the client, and whom the proxy believes. */
final class ForwardingFieldsTest {

    private static Origin origin;
    private static ProxyHarness wary;
    private static ProxyHarness trusting;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "");
        wary = ProxyHarness.routing("/", origin);
        trusting = ProxyHarness.with(
                "\"trustedProxies\": [\"127.0.0.0/8\", \"10.0.0.0/8\"]", "{ \"/\": \"" + origin.url() + "\" }");
    }

    @AfterAll
    static void stop() {
        wary.close();
        trusting.close();
        origin.close();
    }

    @Nested
    final class OfAnUntrustedPeer {

        @Test
        void areTheProxysOwn() throws IOException { // behaviours 4, 8
            Origin.Received received = forwarded(wary, "shop.localhost:8080", "");

            assertThat(received.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(received.field("X-Forwarded-Proto")).isEqualTo("http");
            assertThat(received.field("X-Forwarded-Host")).isEqualTo("shop.localhost:8080");
            assertThat(received.field("X-Forwarded-Port")).isEqualTo("8080");
            assertThat(received.field("Forwarded")).isEqualTo("for=127.0.0.1;host=\"shop.localhost:8080\";proto=http");
            assertThat(received.field("Via")).matches("1\\.1 portway-\\w+");
        }

        @ParameterizedTest
        @CsvSource({"h, 80", "h:81, 81", "[::1], 80", "[::1]:82, 82"})
        void sayThePortOfTheHost(String host, String port) throws IOException { // behaviour 8
            assertThat(forwarded(wary, host, "").field("X-Forwarded-Port")).isEqualTo(port);
        }

        /** What is said of one request is remembered for others like it. */
        @Test
        void areThoseOfTheRequestBetweenOthers() throws IOException {
            String long1 = "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(61);
            for (int round = 0; round < 3; round++) {
                for (String host : new String[] {"h", "h:81", "H", "other.localhost", long1 + ":9090"}) {
                    Origin.Received received = forwarded(wary, host, "Via: 1.1 before-" + round + "\r\n");

                    assertThat(received.field("X-Forwarded-Host")).isEqualTo(host);
                    assertThat(received.field("Forwarded")).isEqualTo("for=127.0.0.1;host=\"" + host + "\";proto=http");
                    assertThat(received.field("Via")).matches("1\\.1 before-" + round + ", 1\\.1 portway-\\w+");
                    assertThat(forwarded(wary, host, "").field("Via")).matches("1\\.1 portway-\\w+");
                    assertThat(forwarded(trusting, host, "X-Forwarded-For: 9.9.9.9\r\n")
                                    .field("X-Forwarded-For"))
                            .isEqualTo("9.9.9.9, 127.0.0.1");
                    assertThat(forwarded(trusting, host, "").field("X-Forwarded-For"))
                            .isEqualTo("127.0.0.1");
                }
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "X-Forwarded-For: 6.6.6.6",
                    "x-forwarded-for: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7",
                    "X-Forwarded-Proto: https-6.6.6.6",
                    "X-Forwarded-Host: 6.6.6.6",
                    "X-Forwarded-Port: 6.6.6.6",
                    "X-Forwarded-Server: 6.6.6.6",
                    "X-Forwarded-Prefix: /6.6.6.6",
                    "X-Real-IP: 6.6.6.6",
                    "Forwarded: for=6.6.6.6;host=evil",
                    "X_Forwarded_For: 6.6.6.6",
                    "X-Forwarded_For: 6.6.6.6",
                    "x_forwarded_proto: 6.6.6.6"
                })
        void replaceWhatTheClientMadeUp(String line) throws IOException { // behaviours 5, 6
            Origin.Received received = forwarded(wary, "h", line + "\r\n");

            assertThat(received.toString()).doesNotContain("6.6.6.6").doesNotContain("7.7.7.7");
            assertThat(received.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(received.field("X-Forwarded-Proto")).isEqualTo("http");
        }

        @Test
        void nameAnIpv6PeerInItsUsualForm() throws IOException { // behaviour 4
            origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            try (RawClient client = RawClient.to("::1", wary.proxy().getPort())) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();
            }

            Origin.Received received = origin.take();
            assertThat(received.field("X-Forwarded-For")).isEqualTo("::1");
            assertThat(received.field("Forwarded")).isEqualTo("for=\"[::1]\";host=\"h\";proto=http");
        }

        @Test
        void areNotTakenOutByConnection() throws IOException { // behaviour 11
            Origin.Received received =
                    forwarded(wary, "h", "Connection: X-Forwarded-For, Forwarded, Via, X-Forwarded-Proto\r\n");

            assertThat(received.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(received.field("Forwarded")).startsWith("for=127.0.0.1");
            assertThat(received.field("X-Forwarded-Proto")).isEqualTo("http");
            assertThat(received.field("Via")).contains("portway-");
        }

        @Test
        void extendVia() throws IOException {
            Origin.Received received = forwarded(wary, "h", "Via: 1.0 a\r\nVia: 2 b (c)\r\n");

            assertThat(received.field("Via")).matches("1\\.0 a, 2 b \\(c\\), 1\\.1 portway-\\w+");
        }

        @Test
        void sayTheVersionOfAnOldClientInVia() throws IOException {
            origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

            wary.raw("GET / HTTP/1.0\r\n\r\n");

            Origin.Received received = origin.take();
            assertThat(received.field("Via")).startsWith("1.0 portway-");
            assertThat(received.all("X-Forwarded-Host")).isEmpty();
        }
    }

    @Nested
    final class OfATrustedPeer {

        @Test
        void extendTheListOfAddresses() throws IOException { // behaviours 5, 6
            Origin.Received received = forwarded(
                    trusting, "h", "X-Forwarded-For: 203.0.113.7, 10.1.2.3\r\nX-Forwarded-For: 2001:db8::1\r\n");

            assertThat(received.field("X-Forwarded-For")).isEqualTo("203.0.113.7, 10.1.2.3, 2001:db8::1, 127.0.0.1");
        }

        @Test
        void keepSchemeHostAndPort() throws IOException { // behaviour 6
            Origin.Received received = forwarded(
                    trusting,
                    "inner",
                    "X-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example\r\nX-Forwarded-Port: 443\r\n");

            assertThat(received.field("X-Forwarded-Proto")).isEqualTo("https");
            assertThat(received.field("X-Forwarded-Host")).isEqualTo("shop.example");
            assertThat(received.field("X-Forwarded-Port")).isEqualTo("443");
            assertThat(received.field("Host")).isEqualTo("inner");
        }

        @Test
        void extendForwarded() throws IOException { // behaviour 6
            Origin.Received received =
                    forwarded(trusting, "h", "Forwarded: for=\"[2001:db8::1]\";proto=https, for=10.0.0.1\r\n");

            assertThat(received.field("Forwarded"))
                    .isEqualTo("for=\"[2001:db8::1]\";proto=https, for=10.0.0.1, for=127.0.0.1;host=\"h\";proto=http");
        }

        @Test
        void areTheProxysOwnWhereThePeerSaysNothing() throws IOException { // behaviour 4
            Origin.Received received = forwarded(trusting, "h", "");

            assertThat(received.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(received.field("X-Forwarded-Proto")).isEqualTo("http");
            assertThat(received.field("X-Forwarded-Host")).isEqualTo("h");
        }

        @Test
        void doNotBelieveNamesWithUnderscores() throws IOException { // behaviour 6
            Origin.Received received = forwarded(trusting, "h", "X_Forwarded_For: 6.6.6.6\r\n");

            assertThat(received.toString()).doesNotContain("6.6.6.6");
        }
    }

    private static Origin.Received forwarded(ProxyHarness proxy, String host, String fields) throws IOException {
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n");
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        return origin.take();
    }
}
