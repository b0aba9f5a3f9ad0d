package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of all sizes, in both framings and both directions: byte for byte, and framed as they came. */
final class ForwardBodyTest {

    private static final int MIB = 1024 * 1024;

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "");
        proxy = ProxyHarness.routing("/", origin);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16 * 1024 - 1, 16 * 1024, 32 * 1024 + 1, MIB, 64 * MIB})
    void carriesAResponseOfKnownLength(int length) throws IOException { // behaviour 1
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            PlacedBytes.write(exchange.socket().getOutputStream(), length);
        });
        try (RawClient client = proxy.connect()) {
            RawClient.Response head =
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readHead();

            assertThat(head.field("Content-Length")).isEqualTo(String.valueOf(length));
            assertThat(head.all("Transfer-Encoding")).isEmpty();
            assertThat(PlacedBytes.check(client.body(head))).isEqualTo(length);
            assertThatTheConnectionGoesOn(client);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16 * 1024, 32 * 1024 + 1, MIB, 64 * MIB})
    void carriesAChunkedResponse(int length) throws IOException { // behaviours 1, 43
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            PlacedBytes.writeChunked(exchange.socket().getOutputStream(), length);
        });
        try (RawClient client = proxy.connect()) {
            RawClient.Response head =
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readHead();

            assertThat(head.field("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(head.all("Content-Length")).isEmpty();
            assertThat(PlacedBytes.check(client.body(head))).isEqualTo(length);
            assertThatTheConnectionGoesOn(client);
        }
    }

    @Test
    void carriesAResponseThatEndsWithItsConnection() throws IOException { // behaviours 1, 15
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            PlacedBytes.write(exchange.socket().getOutputStream(), MIB);
            exchange.socket().close();
        });
        try (RawClient client = proxy.connect()) {
            RawClient.Response head =
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readHead();

            assertThat(head.field("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(PlacedBytes.check(client.body(head))).isEqualTo(MIB);
            assertThatTheConnectionGoesOn(client);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16 * 1024 - 1, 16 * 1024, 32 * 1024 + 1, MIB, 64 * MIB})
    void carriesARequestOfKnownLength(int length) throws Exception { // behaviour 26
        BlockingQueue<Long> checked = new LinkedBlockingQueue<>();
        origin.then(exchange -> {
            checked.add(PlacedBytes.check(exchange.body()));
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        try (RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n");
            PlacedBytes.write(client.socket().getOutputStream(), length);

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(checked.poll(5, TimeUnit.SECONDS)).isEqualTo(length);
            Origin.Received received = origin.take();
            assertThat(received.all("Content-Length")).containsExactly(String.valueOf(length));
            assertThat(received.all("Transfer-Encoding")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16 * 1024, 32 * 1024 + 1, MIB, 64 * MIB})
    void carriesAChunkedRequest(int length) throws Exception { // behaviour 26
        BlockingQueue<Long> checked = new LinkedBlockingQueue<>();
        origin.then(exchange -> {
            checked.add(PlacedBytes.check(exchange.body()));
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        try (RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
            PlacedBytes.writeChunked(client.socket().getOutputStream(), length);

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(checked.poll(5, TimeUnit.SECONDS)).isEqualTo(length);
            Origin.Received received = origin.take();
            assertThat(received.all("Transfer-Encoding")).containsExactly("chunked");
            assertThat(received.all("Content-Length")).isEmpty();
        }
    }

    @Test
    void carriesBothBodiesAtOnce() throws Exception {
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + 8 * MIB + "\r\n\r\n");
            exchange.body().transferTo(exchange.socket().getOutputStream());
        });
        try (RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + 8 * MIB + "\r\n\r\n");
            OutputStream out = client.socket().getOutputStream();
            Background upload = Background.run(() -> PlacedBytes.write(out, 8 * MIB));

            RawClient.Response head = client.readHead();
            assertThat(PlacedBytes.check(client.body(head))).isEqualTo(8 * MIB);
            upload.join();
        }
    }

    private static void assertThatTheConnectionGoesOn(RawClient client) throws IOException {
        origin.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n").read().text())
                .isEqualTo("hi");
    }
}
