package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of requests in flight when the proxy stops. */
final class ShutdownTest {

    @Test
    void letsRequestsInFlightFinish() throws Exception { // behaviour 96
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (Origin origin = Origin.answering(exchange -> {
                    begun.countDown();
                    Held.until(end);
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                });
                ProxyHarness proxy = stoppingWithin("30s", origin);
                RawClient client = proxy.connect()) {
            int port = proxy.proxy().getPort();
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            Held.until(begun);
            Background stop = Background.run(proxy::stop);
            await().until(() -> refuses(port));
            end.countDown();

            assertThat(client.read().text()).isEqualTo("hi");
            assertThat(client.closed()).isTrue();
            stop.join();
        }
    }

    @Test
    void cutsAStreamThatGoesOn() throws Exception { // behaviour 96
        CountDownLatch end = new CountDownLatch(1);
        try (Origin origin = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent");
                    Held.until(end);
                });
                ProxyHarness proxy = stoppingWithin("200ms", origin);
                RawClient client = proxy.connect()) {
            RawClient.Response head =
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readHead();
            InputStream body = client.body(head);
            assertThat(body.readNBytes(5)).asString().isEqualTo("event");

            proxy.stop();

            assertThatThrownBy(body::read)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
            end.countDown();
        }
    }

    @Test
    void letsATunnelEndByItselfAndClosesItWhenItDoesNot() throws Exception { // behaviour 67
        try (Origin origin = Origin.answering(exchange -> {
                    exchange.write(
                            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                    exchange.in().transferTo(exchange.socket().getOutputStream());
                });
                ProxyHarness proxy = stoppingWithin("1s", origin);
                RawClient ending = proxy.connect();
                RawClient staying = proxy.connect()) {
            int port = proxy.proxy().getPort();
            String ask = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
            ending.send(ask).readHead();
            staying.send(ask).readHead();

            Background stop = Background.run(proxy::stop);
            await().until(() -> refuses(port));
            ending.send("last words");
            assertThat(ending.in().readNBytes(10)).asString().isEqualTo("last words");
            ending.socket().shutdownOutput();

            assertThat(ending.closed()).isTrue();
            assertThat(staying.closed()).isTrue();
            stop.join();
            await().until(() -> origin.open() == 0);
        }
    }

    private static ProxyHarness stoppingWithin(String shutdown, Origin origin) {
        return ProxyHarness.with(
                "\"timeouts\": { \"shutdown\": \"" + shutdown + "\" }", "{ \"/\": \"" + origin.url() + "\" }");
    }

    private static boolean refuses(int port) throws IOException {
        try (RawClient client = RawClient.to("127.0.0.1", port)) {
            return client.socket().isClosed();
        } catch (ConnectException e) {
            return true;
        }
    }
}
