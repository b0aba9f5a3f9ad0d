package dev.portway.policy.compression;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.github.luben.zstd.ZstdInputStream;
import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionPolicyTest {

    private static final String TEXT = "All work and no play makes Jack a dull boy. ".repeat(20_000);

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void compressesWhatTheBackendSentPlain(String coding) throws Exception {
        try (Origin origin = sending(
                        "Content-Type: text/plain; charset=utf-8\r\nETag: \"v1\"\r\nAccept-Ranges: bytes", TEXT);
                ProxyHarness proxy = compressing(origin, "true")) {
            RawClient.Response answer = get(proxy, coding);

            assertThat(answer.field("Content-Encoding")).isEqualTo(coding);
            assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
            assertThat(answer.field("ETag")).isEqualTo("W/\"v1\"");
            assertThat(answer.field("Content-Length")).isNull();
            assertThat(answer.field("Accept-Ranges")).isNull();
            assertThat(answer.body().length).isLessThan(TEXT.length() / 20);
            assertThat(decoded(coding, new ByteArrayInputStream(answer.body())).readAllBytes())
                    .isEqualTo(TEXT.getBytes(UTF_8));
            assertReleased(proxy);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "gzip, br, zstd             > zstd",
                "gzip;q=1.0, br;q=0.5       > gzip",
                "GZIP                       > gzip",
                "*                          > zstd",
                "*;q=0.5, zstd;q=0          > br",
                "gzip;q=0, br;q=0           >",
                "identity                   >",
                "gzip;q=0.5, identity       >",
                "gzip;q=0.5, identity;q=0.1 > gzip",
                "deflate, compress          >",
                "gzip;q=x                   >"
            })
    void picksWhatTheClientLikesBest(String accepted, String coding) throws Exception {
        try (Origin origin = sending("Content-Type: application/json", TEXT);
                ProxyHarness proxy = compressing(origin, "true")) {
            RawClient.Response answer = get(proxy, accepted);

            assertThat(answer.field("Content-Encoding")).isEqualTo(coding);
            assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
            if (coding == null) {
                assertThat(answer.text()).isEqualTo(TEXT);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: image/png",
                "X-None: 1",
                "Content-Type: text/event-stream",
                "Content-Type: text/plain\r\nContent-Encoding: br",
                "Content-Type: text/plain\r\nContent-Range: bytes 0-1/2",
                "Content-Type: text/plain\r\nCache-Control: public, no-transform",
                "Content-Type: text/plain\r\nContent-Digest: sha-256=:x:"
            })
    void leavesOthersAlone(String fields) throws Exception {
        try (Origin origin = sending(fields + "\r\nETag: \"v1\"", TEXT);
                ProxyHarness proxy = compressing(origin, "true")) {
            RawClient.Response answer = get(proxy, "gzip");

            assertThat(answer.text()).isEqualTo(TEXT);
            assertThat(answer.field("Content-Encoding")).isNotEqualTo("gzip");
            assertThat(answer.field("ETag")).isEqualTo("\"v1\"");
            assertThat(answer.field("Content-Length")).isEqualTo(String.valueOf(TEXT.length()));
            assertThat(answer.field("Vary")).isNull();
        }
    }

    @Test
    void leavesAloneWhatIsSmallOrHasNoBody() throws Exception {
        try (Origin origin = sending("Content-Type: text/plain", "x".repeat(1023));
                ProxyHarness proxy = compressing(origin, "true")) {
            assertThat(get(proxy, "gzip").text()).isEqualTo("x".repeat(1023));
            origin.thenSending("HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n");
            assertThat(get(proxy, "gzip").field("Vary")).isEqualTo("Accept-Encoding");
            origin.thenSending("HTTP/1.1 206 Partial\r\nContent-Type: text/plain\r\nContent-Length: 2000\r\n\r\n"
                    + "x".repeat(2000));
            assertThat(get(proxy, "gzip").field("Content-Encoding")).isNull();
            origin.thenSending("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2000\r\n\r\n");
            RawClient.Response head = proxy.raw("HEAD / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(head.field("Content-Length")).isEqualTo("2000");
            assertThat(head.field("Vary")).isEqualTo("Accept-Encoding");
        }
    }

    @Test
    void heedsItsOwnTypesAndSize() throws Exception {
        try (Origin origin = sending("Content-Type: APPLICATION/Problem+JSON;x=y", "x".repeat(100));
                ProxyHarness proxy = compressing(
                        origin,
                        "{ \"codings\": [\"gzip\"], \"types\": [\"application/*+json\"], \"minSize\": \"100B\" }")) {
            assertThat(get(proxy, "zstd, gzip;q=0.1").field("Content-Encoding")).isEqualTo("gzip");
            origin.thenSending(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n" + "x".repeat(100));
            assertThat(get(proxy, "gzip").field("Content-Encoding")).isNull();
        }
    }

    /** Behaviour 43, compressed: each piece can be decoded before the next has come. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void sendsEachPieceOfAStreamAtOnce(String coding) throws Exception {
        var next = new CountDownLatch(1);
        try (Origin origin = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
                    exchange.write("5\r\nfirst\r\n");
                    awaitUninterruptibly(next);
                    exchange.write("6\r\nsecond\r\n0\r\n\r\n");
                });
                ProxyHarness proxy = compressing(origin, "true");
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + coding + "\r\n\r\n");
            RawClient.Response head = client.readHead();
            assertThat(head.field("Content-Encoding")).isEqualTo(coding);
            InputStream body = decoded(coding, client.body(head));

            assertThat(new String(body.readNBytes(5), UTF_8)).isEqualTo("first");
            next.countDown();
            assertThat(new String(body.readAllBytes(), UTF_8)).isEqualTo("second");
            assertReleased(proxy);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void givesEncodersBackWhereABackendBreaksOffOrAClientLeaves(String coding) throws Exception {
        var gone = new CountDownLatch(1);
        try (Origin origin = Origin.answering(exchange -> {
                    exchange.write(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 999999\r\n\r\nfirst");
                    if (exchange.request().target().equals("/waits")) {
                        awaitUninterruptibly(gone);
                    }
                    throw new IOException("the backend breaks off");
                });
                ProxyHarness proxy = compressing(origin, "true")) {
            try (RawClient client = proxy.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + coding + "\r\n\r\n");
                assertThat(client.rest()).doesNotEndWith("0\r\n\r\n");
            }
            assertReleased(proxy);
            try (RawClient client = proxy.connect()) {
                client.send("GET /waits HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + coding + "\r\n\r\n");
                assertThat(client.readHead().field("Content-Encoding")).isEqualTo(coding);
            }
            assertReleased(proxy);
            gone.countDown();
        }
    }

    @Test
    void mergesVaryAndCompressesAnswersWithoutABackend() throws Exception {
        try (Origin origin = sending("Content-Type: text/plain\r\nVary: Cookie, accept-encoding", TEXT);
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [
                          { "id": "a", "target": "%s", "compression": true },
                          { "id": "b", "path": "/fixed", "respond": { "body": "%s" }, "compression": true }
                        ]
                        """.formatted(origin.url(), "y".repeat(5000)))) {
            assertThat(get(proxy, "gzip").field("Vary")).isEqualTo("Cookie, accept-encoding");
            RawClient.Response fixed = proxy.raw("GET /fixed HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(fixed.field("Content-Encoding")).isEqualTo("gzip");
            assertThat(new GZIPInputStream(new ByteArrayInputStream(fixed.body())).readAllBytes())
                    .isEqualTo("y".repeat(5000).getBytes(ISO_8859_1));
        }
    }

    private static void assertReleased(ProxyHarness proxy) {
        await().untilAsserted(
                        () -> assertThat(proxy.admin("GET", "/prometheus", null).body())
                                .containsPattern("(?m)^portway_encoders_in_use 0(\\.0)?$"));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static InputStream decoded(String coding, InputStream coded) throws IOException {
        return switch (coding) {
            case "gzip" -> new GZIPInputStream(coded, 1);
            case "br" -> new BrotliInput(coded);
            default -> new ZstdInputStream(coded);
        };
    }

    private static RawClient.Response get(ProxyHarness proxy, String accepted) throws IOException {
        return proxy.raw("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + accepted + "\r\n\r\n");
    }

    private static Origin sending(String fields, String body) {
        return Origin.sending(
                "HTTP/1.1 200 OK\r\n" + fields + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static ProxyHarness compressing(Origin origin, String rule) {
        return ProxyHarness.withRoutes(
                "[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"compression\": " + rule + " }]");
    }

    /** Gives what can be decoded so far, where brotli4j's own stream waits for more. */
    private static final class BrotliInput extends InputStream {
        private final InputStream coded;
        private final DecoderJNI.Wrapper decoder = new DecoderJNI.Wrapper(1);
        private ByteBuffer decoded = ByteBuffer.allocate(0);

        BrotliInput(InputStream coded) throws IOException {
            this.coded = coded;
        }

        @Override
        public int read() throws IOException {
            while (!decoded.hasRemaining()) {
                if (decoder.hasOutput()) {
                    decoded = decoder.pull();
                } else if (decoder.getStatus() == DecoderJNI.Status.DONE) {
                    return -1;
                } else if (decoder.getStatus() == DecoderJNI.Status.NEEDS_MORE_OUTPUT) {
                    decoder.push(0);
                } else {
                    int next = coded.read();
                    assertThat(next).isNotNegative();
                    decoder.getInputBuffer().put(0, (byte) next);
                    decoder.push(1);
                }
            }
            return decoded.get() & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            int first = count == 0 ? -1 : read();
            if (first < 0) {
                return count == 0 ? 0 : -1;
            }
            into[from] = (byte) first;
            return 1;
        }
    }
}
