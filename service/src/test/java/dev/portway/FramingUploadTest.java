package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads that meet an answer before they are through, and {@code Expect}. */
final class FramingUploadTest {

    private static final int BIG = 50 * 1024 * 1024;
    private static final String TOO_MUCH = "HTTP/1.1 413 Too Much\r\nContent-Length: 6\r\n%s\r\nenough";

    @ParameterizedTest
    @ValueSource(strings = {"reads on", "closes", "resets"})
    void anEarlyAnswerReachesAClientThatIsStillSending(String then) throws Exception { // behaviour 100
        try (Origin origin = Origin.answering(exchange -> {
                    exchange.write(TOO_MUCH.formatted(then.equals("closes") ? "Connection: close\r\n" : ""));
                    switch (then) {
                        case "reads on" -> exchange.in().transferTo(OutputStream.nullOutputStream());
                        case "closes" -> exchange.socket().shutdownOutput();
                        default -> {}
                    }
                    throw new IOException(then);
                });
                ProxyHarness proxy = ProxyHarness.routing("/", origin);
                RawClient client = proxy.connect()) {
            client.send("POST /up HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + BIG + "\r\n\r\n");
            CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> upload(client));

            RawClient.Response response = client.read();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.text()).isEqualTo("enough");
            upload.join();
        }
    }

    @Test
    void anExpectationIsPassedOnAndMet() throws Exception { // behaviour 46
        try (Origin origin = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 100 Continue\r\n\r\n");
                    exchange.readBody();
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                ProxyHarness proxy = ProxyHarness.routing("/", origin);
                RawClient client = proxy.connect()) {
            client.send("POST /up HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(100);
            client.send("body");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(origin.take().bodyText()).isEqualTo("body");
        }
    }

    @Test
    void anExpectationThatIsRefusedSendsNoBody() throws Exception { // behaviour 46
        try (Origin refusing = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 417 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
                    throw new IOException("it wants no more");
                });
                ProxyHarness proxy = ProxyHarness.routing("/", refusing);
                RawClient client = proxy.connect()) {
            client.send("POST /up HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(417);
            assertThat(client.send("GET /next HTTP/1.1\r\nHost: a.test\r\n\r\n").rest())
                    .as("the client may take what it sends for its body")
                    .isEmpty();
            assertThat(refusing.take().requestLine()).isEqualTo("POST /up HTTP/1.1");
            assertThat(refusing.untaken()).isEmpty();
        }
    }

    private static void upload(RawClient client) {
        byte[] block = new byte[1 << 16];
        try {
            for (int i = 0; i < BIG / block.length; i++) {
                client.send(block);
            }
        } catch (IOException ended) {
            return; // once the answer is sent the proxy may stop listening
        }
    }
}
