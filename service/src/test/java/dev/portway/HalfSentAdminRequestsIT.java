package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The admin side has threads of its own, and none for a request that is not there yet. */
final class HalfSentAdminRequestsIT {

    /** More than the admin side has threads. */
    private static final int HALF_SENT = 100;

    @Test
    void answersOthersWhileRequestsAreHalfSent() throws Exception {
        List<RawClient> halfSent = new ArrayList<>();
        try (Origin origin = Origin.replying(200, "hi");
                ProxyHarness proxy = ProxyHarness.routing("/", origin)) {
            for (int i = 0; i < HALF_SENT; i++) {
                RawClient client = RawClient.to(proxy.admin());
                halfSent.add(client);
                client.send("POST /routes HTTP/1.1\r\nHost: localhost:"
                        + proxy.admin().getPort()
                        + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{ \"id\":");
            }

            assertThat(proxy.admin("GET", "/routes", null).statusCode()).isEqualTo(200);
            assertThat(proxy.admin("GET", "/live", null).statusCode()).isEqualTo(200);
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
        } finally {
            for (RawClient client : halfSent) {
                client.close();
            }
        }
    }
}
