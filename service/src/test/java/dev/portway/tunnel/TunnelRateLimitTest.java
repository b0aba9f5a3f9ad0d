package dev.portway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TunnelRateLimitTest {

    @Test
    void refusesWhoeverAsksForTooManyTunnels() throws Exception {
        try (Origin origin = ok();
                ProxyHarness proxy = tunnelling("{ \"requests\": 2, \"per\": \"1h\" }")) {
            assertThat(ask(proxy, origin).status()).isEqualTo(200);
            RawClient.Response forwarded =
                    proxy.raw("GET " + origin.url() + "/ HTTP/1.1\r\nHost: 127.0.0.2:" + origin.port() + "\r\n\r\n");
            assertThat(forwarded.status()).isEqualTo(200);
            assertThat(forwarded.field("RateLimit")).isEqualTo("\"client\";r=0;t=3600");

            RawClient.Response refused = ask(proxy, origin);

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.field("RateLimit-Policy")).isEqualTo("\"client\";q=2;w=3600");
            assertThat(Integer.parseInt(String.valueOf(refused.field("Retry-After"))))
                    .isBetween(1, 1800);
        }
    }

    @Test
    void countsATunnelUntilItHasEnded() throws Exception {
        try (Origin origin = ok();
                ProxyHarness proxy = tunnelling("{ \"concurrent\": 1, \"key\": \"route\" }")) {
            try (RawClient open = proxy.connect()) {
                assertThat(open.send(connect(origin)).readHead().status()).isEqualTo(200);
                assertThat(ask(proxy, origin).status()).isEqualTo(429);
            }

            await().until(() -> ask(proxy, origin).status() == 200);
        }
    }

    private static Origin ok() {
        return Origin.on("127.0.0.2", exchange -> {
            exchange.readBody();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    }

    private static RawClient.Response ask(ProxyHarness proxy, Origin origin) throws IOException {
        try (RawClient client = proxy.connect()) {
            return client.send(connect(origin)).readHead();
        }
    }

    private static String connect(Origin origin) {
        String authority = "127.0.0.2:" + origin.port();
        return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    }

    private static ProxyHarness tunnelling(String limit) {
        return ProxyHarness.with(
                "\"tunnel\": { \"enabled\": true, \"allow\": [\"127.0.0.2:*\"], \"rateLimit\": " + limit + " }", "[]");
    }
}
