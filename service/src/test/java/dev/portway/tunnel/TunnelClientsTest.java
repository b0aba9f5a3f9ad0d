package dev.portway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The {@code clients} of {@code security}, which hold for the forward proxy too. */
class TunnelClientsTest {

    @Test
    void whomNoRouteLetsInGetsNoTunnelEither() throws Exception {
        try (Origin origin = ok();
                ProxyHarness proxy = only("10.0.0.0/8", origin)) {
            assertThat(connect(proxy, origin)).isEqualTo(403);
            assertThat(absolute(proxy, origin)).isEqualTo(403);
            assertThat(origin.accepted()).isZero();
        }
    }

    @Test
    void whoIsLetInGetsOne() throws Exception {
        try (Origin origin = ok();
                ProxyHarness proxy = only("127.0.0.0/8", origin)) {
            assertThat(connect(proxy, origin)).isEqualTo(200);
            assertThat(absolute(proxy, origin)).isEqualTo(200);
        }
    }

    private static Origin ok() {
        return Origin.on("127.0.0.2", exchange -> {
            exchange.readBody();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    }

    private static ProxyHarness only(String block, Origin origin) {
        return ProxyHarness.of("""
                { "proxy": { "port": 0, "admin": { "port": 0 },
                    "tunnel": { "enabled": true, "allow": ["127.0.0.2:%d"] } },
                  "routes": [], "default": { "target": null },
                  "logging": { "level": "WARN", "access": false },
                  "security": { "clients": { "allow": ["%s"] } } }
                """.formatted(origin.port(), block));
    }

    private static int connect(ProxyHarness proxy, Origin origin) throws IOException {
        String place = "127.0.0.2:" + origin.port();
        try (var client = proxy.connect()) {
            return client.send("CONNECT " + place + " HTTP/1.1\r\nHost: " + place + "\r\n\r\n")
                    .readHead()
                    .status();
        }
    }

    private static int absolute(ProxyHarness proxy, Origin origin) throws IOException {
        return proxy.raw("GET " + origin.url() + "/ HTTP/1.1\r\nHost: 127.0.0.2:" + origin.port() + "\r\n\r\n")
                .status();
    }
}
