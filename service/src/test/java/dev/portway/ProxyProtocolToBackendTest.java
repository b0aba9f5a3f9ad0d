package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend is told of whose connection it gets (behaviour 85). */
final class ProxyProtocolToBackendTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int BYTES_OF_2 = 28;

    /** The first bytes of each connection, up to the request. */
    private final BlockingQueue<byte[]> headers = new LinkedBlockingQueue<>();

    private ServerSocket backend;

    @BeforeEach
    void start() throws IOException {
        backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
    }

    @Test
    void isALineOfTextInVersion1() throws Exception {
        Background.run(() -> serve(0));
        try (ProxyHarness proxy = proxy("v1", "");
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).read().status()).isEqualTo(200);

            assertThat(new String(next(), ISO_8859_1))
                    .isEqualTo("PROXY TCP4 127.0.0.1 127.0.0.1 %d %d\r\n"
                            .formatted(
                                    client.socket().getLocalPort(),
                                    proxy.proxy().getPort()));
        }
    }

    @Test
    void isBytesInVersion2() throws Exception {
        Background.run(() -> serve(BYTES_OF_2));
        try (ProxyHarness proxy = proxy("v2", "");
                RawClient client = proxy.connect()) {
            assertThat(client.send(GET).read().status()).isEqualTo(200);

            byte[] ports = ByteBuffer.allocate(4)
                    .putShort((short) client.socket().getLocalPort())
                    .putShort((short) proxy.proxy().getPort())
                    .array();
            assertThat(HexFormat.of().formatHex(next()))
                    .isEqualTo("0d0a0d0a000d0a515549540a" + "2111000c" + "7f0000017f000001"
                            + HexFormat.of().formatHex(ports));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void eachClientHasConnectionsOfItsOwn(String version) throws Exception {
        Background.run(() -> serve(version.equals("v1") ? 0 : BYTES_OF_2));
        try (ProxyHarness proxy = proxy(version, "");
                RawClient one = proxy.connect();
                RawClient other = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(one.send(GET).read().status()).isEqualTo(200);
                assertThat(other.send(GET).read().status()).isEqualTo(200);
            }

            assertThat(next()).isNotEqualTo(next());
            assertThat(headers).isEmpty();
        }
    }

    @Test
    void aHealthCheckIsNobodys() throws Exception {
        Background.run(() -> serve(0));
        try (ProxyHarness proxy = proxy("v1", ", \"health\": { \"path\": \"/\" }")) {
            assertThat(new String(next(), ISO_8859_1)).isEqualTo("PROXY UNKNOWN\r\n");
            assertThat(proxy.admin("GET", "/backends", null).body()).contains("127.0.0.1");
        }
    }

    private byte[] next() throws InterruptedException {
        byte[] header = headers.poll(10, TimeUnit.SECONDS);
        assertThat(header).as("a connection").isNotNull();
        return header;
    }

    private ProxyHarness proxy(String version, String members) {
        return ProxyHarness.with(
                "\"limits\": { \"eventLoops\": 1 }", """
                [{ "id": "only", "target": "http://127.0.0.1:%d", "proxyProtocol": "%s"%s }]
                """.formatted(backend.getLocalPort(), version, members));
    }

    /** @param header its bytes; 0 for a line */
    private void serve(int header) throws IOException {
        while (true) {
            Socket connection = backend.accept();
            Background.run(() -> {
                InputStream in = connection.getInputStream();
                byte[] first = header == 0 ? line(in) : in.readNBytes(header);
                if (first.length == 0) {
                    return; // a look whether anybody listens
                }
                headers.add(first);
                while (request(in)) {
                    connection.getOutputStream().write(OK.getBytes(ISO_8859_1));
                }
            });
        }
    }

    private static boolean request(InputStream in) throws IOException {
        byte[] line = line(in);
        boolean begun = line.length > 0;
        while (line.length > 2) {
            line = line(in);
        }
        return begun;
    }

    private static byte[] line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            line.append((char) b);
            if (b == '\n') {
                break;
            }
        }
        return line.toString().getBytes(ISO_8859_1);
    }
}
