package dev.portway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy in front that says whose connection it passes on. */
final class ProxyProtocolTest { // behaviour 85

    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 80\r\n";
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};

    private static Origin origin;
    private static ProxyHarness trusting;
    private static ProxyHarness wary;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "ok");
        trusting = proxy("127.0.0.0/8");
        wary = proxy("192.0.2.0/24");
    }

    private static ProxyHarness proxy(String trusted) {
        return ProxyHarness.with(
                ProxyHarness.tlsMembers() + ", \"proxyProtocol\": true, \"trustedProxies\": [\"" + trusted
                        + "\"], \"timeouts\": { \"header\": \"4s\" }",
                "[{ \"id\": \"only\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterAll
    static void stop() {
        wary.close();
        trusting.close();
        origin.close();
    }

    @BeforeEach
    void forget() {
        origin.forget();
    }

    @Test
    void isBelievedInText() throws Exception {
        try (RawClient client = RawClient.to(trusting.proxy())) {
            assertThat(client.send(LINE + GET).read().status()).isEqualTo(200);
            assertThat(client.send(GET).read().status()).isEqualTo(200);
        }

        assertThat(origin.take().field("X-Forwarded-For")).isEqualTo("192.0.2.7");
        assertThat(origin.take().field("Forwarded")).startsWith("for=192.0.2.7;");
    }

    @Test
    void isBelievedInBytes() throws Exception {
        try (RawClient client = RawClient.to(trusting.proxy())) {
            client.send(version2(0x21, 0x21, address("2001:db8::7"), address("::1"), new byte[] {4, 0, 2, 1, 1}));

            assertThat(client.send(GET).read().status()).isEqualTo(200);
        }

        assertThat(origin.take().field("X-Forwarded-For")).isEqualTo("2001:db8::7");
    }

    @Test
    void isBelievedHoweverSlowlyItComes() throws Exception {
        try (RawClient client = RawClient.to(trusting.proxy())) {
            for (byte b : version2(0x21, 0x11, address("192.0.2.7"), address("127.0.0.1"), new byte[0])) {
                client.send(new byte[] {b});
            }

            assertThat(client.send(GET).read().status()).isEqualTo(200);
        }

        assertThat(origin.take().field("X-Forwarded-For")).isEqualTo("192.0.2.7");
    }

    @Test
    void isBelievedBeforeTls() throws Exception {
        Socket plain =
                new Socket(InetAddress.getLoopbackAddress(), trusting.tls().getPort());
        plain.getOutputStream().write(LINE.getBytes(US_ASCII));
        try (SSLSocket socket = (SSLSocket) TestCertificate.shared()
                .trusting()
                .getSocketFactory()
                .createSocket(plain, "localhost", trusting.tls().getPort(), true)) {
            socket.getOutputStream().write(GET.getBytes(US_ASCII));

            assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
        }

        Origin.Received request = origin.take();
        assertThat(request.field("X-Forwarded-For")).isEqualTo("192.0.2.7");
        assertThat(request.field("X-Forwarded-Proto")).isEqualTo("https");
    }

    @Test
    void isBelievedBeforeHttp2() throws Exception {
        try (RawHttp2 client = RawHttp2.connect(trusting.proxy())) {
            client.send(LINE.getBytes(US_ASCII)).send(RawHttp2.PREFACE).frame(RawHttp2.SETTINGS, 0, 0);

            assertThat(client.get(1, "/").response(1).status()).isEqualTo(200);
        }

        assertThat(origin.take().field("X-Forwarded-For")).isEqualTo("192.0.2.7");
    }

    @Test
    void isAnAnswerToNobodyWhereTheProxySpeaksForItself() throws Exception {
        for (byte[] header : new byte[][] {
            "PROXY UNKNOWN\r\n".getBytes(US_ASCII),
            "PROXY UNKNOWN ffff:f::1 ffff::2 1 2\r\n".getBytes(US_ASCII),
            version2(0x20, 0, new byte[0], new byte[0], new byte[0]),
            version2(0x21, 0, new byte[0], new byte[0], new byte[7])
        }) {
            try (RawClient client = RawClient.to(trusting.proxy())) {
                assertThat(client.send(header).send(GET).read().status()).isEqualTo(200);
            }
            assertThat(origin.take().field("X-Forwarded-For")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void mayBeLeftOut() throws Exception {
        try (RawClient client = RawClient.to(trusting.proxy())) {
            assertThat(client.send(GET).read().status()).isEqualTo(200);
        }
        try (RawClient client = RawClient.to(trusting.proxy())) {
            // Begins like the header.
            assertThat(client.send("PROPFIND / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(origin.take().field("X-Forwarded-For")).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 80 90\r\n",
                "PROXY TCP4 192.0.2 198.51.100.1 4711 80\r\n",
                "PROXY TCP4 ::1 ::1 4711 80\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 4711 80\r\n",
                "PROXY TCP4 name.test 198.51.100.1 4711 80\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 65536 80\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 -1 80\r\n",
                "PROXY UDP4 192.0.2.7 198.51.100.1 4711 80\r\n",
                "PROXY \r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 80"
            })
    void closesTheConnectionWhereItIsMalformed(String line) throws Exception {
        try (RawClient client = RawClient.to(trusting.proxy())) {
            client.send(line + (line.endsWith("\n") ? GET : " ".repeat(107)));

            assertThat(client.rest()).isEmpty();
        }
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void closesTheConnectionWhereTheBytesAreMalformed() throws Exception {
        byte[] longest = ByteBuffer.allocate(16)
                .put(SIGNATURE)
                .put(new byte[] {0x21, 0x11, (byte) 0xFF, (byte) 0xFF})
                .array();
        for (byte[] header : new byte[][] {
            version2(0x31, 0x11, new byte[4], new byte[4], new byte[0]),
            version2(0x22, 0x11, new byte[4], new byte[4], new byte[0]),
            version2(0x21, 0x21, new byte[4], new byte[4], new byte[0]),
            longest
        }) {
            try (RawClient client = RawClient.to(trusting.proxy())) {
                assertThat(client.send(header).send(GET).rest()).isEmpty();
            }
        }
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void isCutOffWhereItDoesNotEnd() throws Exception {
        try (RawClient client = RawClient.to(trusting.proxy())) {
            assertThat(client.send("PROXY TCP4 192").closed()).isTrue();
        }
    }

    @Test
    void isBadInputFromAnybodyElse() throws Exception {
        try (RawClient client = RawClient.to(wary.proxy())) {
            assertThat(client.send(LINE + GET).read().status()).isEqualTo(400);
        }
        try (RawClient client = RawClient.to(wary.proxy())) {
            client.send(version2(0x21, 0x11, address("192.0.2.7"), address("127.0.0.1"), new byte[0]));

            assertThat(client.send(GET).closed()).isTrue();
        }
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void doesNotMakeTheClientAnyMoreTrusted() throws Exception {
        try (RawClient client = RawClient.to(trusting.proxy())) {
            client.send(LINE + "GET / HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(200);
        }

        assertThat(origin.take().field("X-Forwarded-For")).isEqualTo("192.0.2.7");
    }

    private static byte[] address(String text) throws IOException {
        return InetAddress.getByName(text).getAddress();
    }

    private static byte[] version2(int command, int family, byte[] client, byte[] server, byte[] more) {
        int addresses = client.length == 0 ? 0 : client.length + server.length + 4;
        ByteBuffer header = ByteBuffer.allocate(16 + addresses + more.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) (addresses + more.length))
                .put(client)
                .put(server);
        if (addresses > 0) {
            header.putShort((short) 4711).putShort((short) 80);
        }
        return header.put(more).array();
    }
}
