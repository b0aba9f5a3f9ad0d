package dev.portway.policy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import org.junit.jupiter.api.Test;

/** What limits count of requests whose credentials are looked at elsewhere meanwhile. */
class AuthLimitTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n";

    @Test
    void countsARefusedRequestOutWhateverElseItSays() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = limiting(origin)) {
            String wrong = "Accept: \"\r\nAuthorization: " + Credentials.basic("ada", "wrong") + "\r\n\r\n";

            for (int i = 0; i < 2; i++) {
                assertThat(proxy.raw(GET + wrong).status()).isEqualTo(401);
            }

            await().until(() -> proxy.raw(GET + Credentials.right() + "\r\n").status() == 200);
        }
    }

    @Test
    void countsARequestOutWhoseClientLeavesWhileItsPasswordIsLookedAt() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = limiting(origin)) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = proxy.connect()) {
                    client.send(GET + "Authorization: " + Credentials.basic("ada", "wrong" + i) + "\r\n\r\n");
                }
            }

            await().until(() -> proxy.raw(GET + Credentials.right() + "\r\n").status() == 200);
        }
    }

    private static ProxyHarness limiting(Origin origin) throws Exception {
        return ProxyHarness.withRoutes("[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"auth\": { "
                + Credentials.basic() + " }, \"rateLimit\": { \"concurrent\": 2, \"key\": \"route\" } }]");
    }
}
