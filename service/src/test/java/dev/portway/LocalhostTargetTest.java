package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that are a port: a development server may listen on either loopback address, and move. */
final class LocalhostTargetTest {

    private static final Origin.Answer HI = exchange -> {
        exchange.readBody();
        exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    };

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void areFoundOnEitherAddress(String address) throws IOException {
        try (Origin origin = Origin.on(address, HI);
                ProxyHarness proxy = routing(origin.port())) {
            assertThat(get(proxy).text()).isEqualTo("hi");
            assertThat(origin.take().field("Host")).isEqualTo("h");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, ::1", "::1, 127.0.0.1"})
    void areFoundAgainOnTheOtherAddress(String before, String after) throws IOException { // behaviour 82
        try (Origin first = Origin.on(before, HI);
                ProxyHarness proxy = routing(first.port())) {
            assertThat(get(proxy).text()).isEqualTo("hi");
            first.close();
            try (Origin second = Origin.on(after, first.port(), HI)) {
                assertThat(get(proxy).text()).isEqualTo("hi");
                second.take();
            }
        }
    }

    @Test
    void areFoundAgainAfterARestart() throws IOException { // behaviours 82, 83
        try (Origin first = Origin.on("127.0.0.1", HI);
                ProxyHarness proxy = routing(first.port())) {
            assertThat(get(proxy).text()).isEqualTo("hi");
            first.close();
            assertThat(get(proxy).status()).isEqualTo(502);
            try (Origin second = Origin.on("127.0.0.1", first.port(), HI)) {
                assertThat(get(proxy).text()).isEqualTo("hi");
                second.take();
            }
        }
    }

    @Test
    void areToldToBeNowhere() throws IOException {
        try (Origin gone = Origin.on("127.0.0.1", HI)) {
            gone.close();
            try (ProxyHarness proxy = routing(gone.port())) {
                RawClient.Response response = get(proxy);

                assertThat(response.status()).isEqualTo(502);
                assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=connection_refused");
                assertThat(response.text()).contains("localhost:" + gone.port()).contains("nothing listens");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1, ::1, [::1]", "[::1], [::1], 127.0.0.1, 127.0.0.1"})
    void areSuggestedWhereTheOtherAddressAnswers(String written, String refused, String listening, String hint)
            throws IOException {
        try (Origin origin = Origin.on(listening, HI);
                ProxyHarness proxy =
                        ProxyHarness.withRoutes("{ \"/\": \"http://" + written + ":" + origin.port() + "\" }")) {
            RawClient.Response response = get(proxy);

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.text())
                    .contains(refused + ":" + origin.port() + " refused the connection")
                    .contains(hint + ":" + origin.port() + " answers");
        }
    }

    private static ProxyHarness routing(int port) {
        return ProxyHarness.withRoutes("{ \"/\": " + port + " }");
    }

    private static RawClient.Response get(ProxyHarness proxy) throws IOException {
        return proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    }
}
