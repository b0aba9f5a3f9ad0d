package dev.portway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One loop, a transfer that never pauses, and another client that wants its turn. */
final class LoopFairnessTest {

    private static final byte[] PIECE = new byte[256 * 1024];
    private static final int REQUESTS = 200;

    /** What a transfer may move, on average, while another request is answered: many turns' worth, but no more. */
    private static final long FAIR = 16 * 1024 * 1024;

    /** The same of pieces that are a byte each, in chunks: what they cost is not their bytes. */
    private static final long FAIR_IN_SMALL_PIECES = 96 * 1024;

    private static final byte[] SMALL_PIECES = "1\r\nx\r\n".repeat(10_000).getBytes(US_ASCII);

    private final AtomicLong moved = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Origin endless = Origin.answering(exchange -> {
        if (exchange.request().method().equals("POST")) {
            readAll(exchange.socket().getInputStream());
        } else if (exchange.request().target().endsWith("/pieces")) {
            exchange.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            writeUntilOver(exchange.socket().getOutputStream(), SMALL_PIECES);
        } else {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n");
            writeUntilOver(exchange.socket().getOutputStream());
        }
        throw new IOException("over");
    });
    private final Origin small = Origin.replying(200, "hi");
    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = ProxyHarness.with("\"limits\": { \"eventLoops\": 1 }", """
                { "/endless": "%s", "/small": "%s" }
                """.formatted(endless.url(), small.url()));
    }

    @AfterEach
    void stop() {
        over.set(true);
        proxy.close();
        endless.close();
        small.close();
    }

    @Test
    void aDownloadLeavesTurnsToOthers() throws Exception {
        try (RawClient transfer = proxy.connect()) {
            InputStream body = transfer.body(
                    transfer.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n").readHead());
            Background reading = Background.run(() -> readAll(body));

            assertAnsweredBeside(reading);
        }
    }

    @Test
    void anUploadLeavesTurnsToOthers() throws Exception {
        try (RawClient transfer = proxy.connect()) {
            transfer.send("POST /endless HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999\r\n\r\n");
            Background writing =
                    Background.run(() -> writeUntilOver(transfer.socket().getOutputStream()));

            assertAnsweredBeside(writing);
        }
    }

    @Test
    void aDownloadInSmallPiecesLeavesTurnsToOthers() throws Exception {
        try (RawClient transfer = proxy.connect()) {
            transfer.send("GET /endless/pieces HTTP/1.1\r\nHost: h\r\n\r\n").readHead();
            InputStream pieces = transfer.socket().getInputStream();
            Background reading = Background.run(() -> readAll(pieces));

            assertAnsweredBeside(reading, FAIR_IN_SMALL_PIECES);
        }
    }

    @Test
    void anUploadInSmallPiecesLeavesTurnsToOthers() throws Exception {
        try (RawClient transfer = proxy.connect()) {
            transfer.send("POST /endless HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
            Background writing =
                    Background.run(() -> writeUntilOver(transfer.socket().getOutputStream(), SMALL_PIECES));

            assertAnsweredBeside(writing, FAIR_IN_SMALL_PIECES);
        }
    }

    private void assertAnsweredBeside(Background transfer) throws IOException {
        assertAnsweredBeside(transfer, FAIR);
    }

    private void assertAnsweredBeside(Background transfer, long fair) throws IOException {
        long before = moved.get();
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < REQUESTS; i++) {
                RawClient.Response response =
                        client.send("GET /small HTTP/1.1\r\nHost: h\r\n\r\n").read();
                assertThat(response.text()).isEqualTo("hi");
            }
        }
        assertThat(moved.get() - before).isLessThan(REQUESTS * fair);
        assertThat(transfer.done()).isFalse();
        over.set(true);
    }

    private void writeUntilOver(OutputStream out) throws IOException {
        writeUntilOver(out, PIECE);
    }

    private void writeUntilOver(OutputStream out, byte[] bytes) throws IOException {
        while (!over.get()) {
            out.write(bytes);
        }
    }

    private void readAll(InputStream in) throws IOException {
        byte[] piece = new byte[PIECE.length];
        for (int read = in.read(piece); read >= 0 && !over.get(); read = in.read(piece)) {
            moved.addAndGet(read);
        }
    }
}
