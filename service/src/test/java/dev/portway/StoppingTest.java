package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A proxy that stops while requests are under way. */
@Timeout(60)
class StoppingTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    @Test
    void endsWhatIsUnderWayAndTakesNoMore() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Origin origin = Origin.replying(200, "hi")) {
            ProxyHarness proxy = ProxyHarness.routing("/", origin);
            URI address = proxy.proxy();
            CompletableFuture<Void> stopped;
            try (RawClient kept = proxy.connect();
                    RawClient slow = proxy.connect()) {
                assertThat(kept.send(GET).read().status()).isEqualTo(200);
                origin.take();
                origin.then(exchange -> {
                    await().until(() -> goOn.getCount() == 0);
                    exchange.write(OK);
                });
                slow.send(GET);
                origin.take();

                stopped = CompletableFuture.runAsync(proxy::close);
                await().until(() -> refuses(address));

                assertThat(statusOrEnd(kept)).isIn(503, -1);
                assertThat(origin.untaken()).isEmpty();
                assertThat(stopped).isNotDone();
                goOn.countDown();
                assertThat(slow.read().text()).isEqualTo("hi");
            }
            stopped.get(30, TimeUnit.SECONDS);
        }
    }

    private static boolean refuses(URI address) {
        try {
            RawClient.to(address).close();
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    private static int statusOrEnd(RawClient client) {
        try {
            return client.send(GET).read().status();
        } catch (IOException ended) {
            return -1;
        }
    }
}
