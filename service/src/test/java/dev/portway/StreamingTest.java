package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in goes out at once, and no faster than the other side takes it. */
final class StreamingTest {

    private static final long MIB = 1024 * 1024;

    /** What the buffers of four sockets and the proxy may hold between a writer and a reader that has stopped. */
    private static final long IN_BETWEEN = 40 * MIB;

    /** New ones for each test: a POST must not meet a connection that the test before has just closed. */
    private final Origin origin = Origin.replying(200, "");

    private final ProxyHarness proxy = ProxyHarness.routing("/", origin);

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n", // behaviour 42
                "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", // behaviour 43
                "Content-Type: text/event-stream\r\n",
                "Content-Length: 18\r\n"
            })
    void passesEachEventOnBeforeTheNextIsSent(String fields) throws IOException {
        boolean chunked = fields.contains("chunked");
        Semaphore seen = new Semaphore(0);
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\n" + fields + "\r\n");
            for (int event = 1; event <= 3; event++) {
                acquire(seen);
                exchange.write((chunked ? "6\r\n" : "") + "data " + event + (chunked ? "\r\n" : ""));
            }
            acquire(seen);
            exchange.write(chunked ? "0\r\n\r\n" : "");
            exchange.socket().close();
        });
        try (RawClient client = proxy.connect()) {
            // The head comes before the backend has sent any byte of the body.
            RawClient.Response head =
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readHead();
            InputStream body = client.body(head);
            for (int event = 1; event <= 3; event++) {
                seen.release();
                assertThat(new String(body.readNBytes(6), ISO_8859_1)).isEqualTo("data " + event);
            }
            seen.release();
            assertThat(body.read()).isEqualTo(-1);
        }
    }

    @Test
    void passesEachPieceOfAnUploadOnBeforeTheNextIsSent() throws IOException {
        Semaphore received = new Semaphore(0);
        origin.then(exchange -> {
            InputStream body = exchange.body();
            received.release(); // the head, before any byte of the body
            for (int piece = 1; piece <= 3; piece++) {
                assertThat(new String(body.readNBytes(6), ISO_8859_1)).isEqualTo("part " + piece);
                received.release();
            }
            assertThat(body.read()).isEqualTo(-1);
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        try (RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int piece = 1; piece <= 3; piece++) {
                acquire(received);
                client.send("6\r\npart " + piece + "\r\n");
            }
            acquire(received);
            client.send("0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void answersWhileTheRequestIsStillComing() throws IOException {
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            InputStream body = exchange.body();
            for (byte[] part = body.readNBytes(4); part.length > 0; part = body.readNBytes(4)) {
                exchange.write("4\r\n" + new String(part, ISO_8859_1) + "\r\n");
            }
            exchange.write("0\r\n\r\n");
        });
        try (RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
            RawClient.Response head = client.readHead();
            InputStream body = client.body(head);
            for (String part : new String[] {"ping", "pong"}) {
                client.send("4\r\n" + part + "\r\n");
                assertThat(new String(body.readNBytes(4), ISO_8859_1)).isEqualTo(part);
            }
            client.send("0\r\n\r\n");
            assertThat(body.read()).isEqualTo(-1);
        }
    }

    @Test
    void readsNoFurtherAheadThanTheClientTakes() throws Exception { // behaviour 94
        long length = 256 * MIB;
        AtomicLong written = new AtomicLong();
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            send(exchange.socket().getOutputStream(), length, written);
        });
        try (RawClient client = proxy.connect()) {
            RawClient.Response head =
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readHead();
            awaitStandstill(written);
            InputStream body = client.body(head);

            long taken = 0;
            for (long most = IN_BETWEEN; taken < length; most = taken + IN_BETWEEN) {
                assertThat(written.get()).isLessThan(most);
                long piece = body.skip(4 * MIB);
                assertThat(piece).isPositive();
                // What is written by now may be as far ahead of the end of this piece as of any other.
                taken += piece;
            }
            await().untilAsserted(() -> assertThat(written.get()).isEqualTo(length));
        }
    }

    @Test
    void takesNoMoreOfAnUploadThanTheBackendReads() throws Exception {
        long length = 128 * MIB;
        Semaphore read = new Semaphore(0);
        AtomicLong written = new AtomicLong();
        AtomicLong received = new AtomicLong();
        origin.then(exchange -> {
            acquire(read);
            received.set(PlacedBytes.check(exchange.body()));
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        try (RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n");
            Background upload = Background.run(() -> send(client.socket().getOutputStream(), length, written));
            awaitStandstill(written);
            assertThat(written.get()).isLessThan(IN_BETWEEN);

            read.release();
            upload.join();
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(received.get()).isEqualTo(length);
        }
    }

    private static void send(OutputStream out, long length, AtomicLong written) throws IOException {
        int piece = 64 * 1024;
        for (long at = 0; at < length; at += piece) {
            out.write(PlacedBytes.bytes(at, piece));
            written.addAndGet(piece);
        }
    }

    /** Waits until the writer has come to where it must wait for the reader; if too early, the test is only milder. */
    private static void awaitStandstill(AtomicLong written) {
        AtomicLong before = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> written.get() > 0 && before.getAndSet(written.get()) == written.get());
    }

    private static void acquire(Semaphore semaphore) throws IOException {
        try {
            if (!semaphore.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new IOException("the other side did not get what was sent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
