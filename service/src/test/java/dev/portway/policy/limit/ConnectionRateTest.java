package dev.portway.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import org.junit.jupiter.api.Test;

class ConnectionRateTest {

    private static final String TWO = "\"limits\": { \"connectionRate\": { \"connections\": 2, \"per\": \"1h\" } }";

    @Test
    void closesTheConnectionsOfAClientThatOpensTooMany() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.with(TWO, "{ \"/\": \"" + origin.url() + "\" }");
                RawClient first = proxy.connect();
                RawClient second = proxy.connect();
                RawClient third = proxy.connect()) {
            assertThat(third.closed()).isTrue();
            for (RawClient client : new RawClient[] {first, second, first}) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo(200);
            }
            assertThat(proxy.admin("GET", "/prometheus", null).body())
                    .contains("portway_client_connections_refused_total 1.0");
        }
    }

    @Test
    void countsNoConnectionOfATrustedProxy() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.with(
                        TWO + ", \"trustedProxies\": [\"127.0.0.1\"]", "{ \"/\": \"" + origin.url() + "\" }")) {
            for (int i = 0; i < 5; i++) {
                assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .status())
                        .isEqualTo(200);
            }
        }
    }
}
