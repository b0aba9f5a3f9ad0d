package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** WebSockets to backends of every kind. */
final class UpgradeTargetsTest {

    private static final String ASK = """
            GET /chat HTTP/1.1\r
            Host: a.test\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            \r
            """;

    @Test
    void askOverTlsForHttp1EvenWhereTheBackendWouldSpeakHttp2() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(TestCertificates.LOCALHOST, UpgradeTargetsTest::agree);
                ProxyHarness proxy = ProxyHarness.withRoutes("""
                        [{ "target": "%s", "tls": { "ca": "%s" }, "timeouts": { "connect": "20s" } }]
                        """.formatted(
                                origin.url(), TestCertificates.authority())); // a process' first handshake is slow
                RawClient client = proxy.connect()) {

            assertThat(client.send(ASK).readHead().status()).isEqualTo(101);
            assertThat(client.send("hello").in().readNBytes(5)).asString().isEqualTo("hello");

            assertThat(origin.take().protocol()).isEqualTo("HTTP/1.1");
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(origin.take().protocol()).isEqualTo("HTTP/2.0");
        }
    }

    @Test
    void passOverUnixSockets() throws Exception {
        try (Origin origin = Origin.answering(WebSocketServer::echo);
                UnixOrigin unix = UnixOrigin.before(origin);
                ProxyHarness proxy = ProxyHarness.withRoutes("{ \"/\": \"" + unix.url() + "\" }");
                RawClient client = proxy.connect()) {
            byte[] frame = {(byte) 0x82, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};

            assertThat(client.send(ASK).readHead().status()).isEqualTo(101);

            assertThat(client.send(frame).in().readNBytes(4)).containsExactly(0x82, 2, 'h', 'i');
        }
    }

    @Test
    void areNotAskedForInHttp2() throws Exception {
        try (JettyOrigin origin = JettyOrigin.clear(JettyOrigin.Answer.text("no sockets here"));
                ProxyHarness proxy = ProxyHarness.withRoutes("{ \"/\": \"" + origin.url() + "\" }")) {

            RawClient.Response answer = proxy.raw(ASK);

            assertThat(answer.text()).isEqualTo("no sockets here");
            assertThat(origin.take().protocol()).isEqualTo("HTTP/2.0");
            try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
                byte[] fields = RawHttp2.block(
                        ":method",
                        "CONNECT",
                        ":protocol",
                        "websocket",
                        ":scheme",
                        "http",
                        ":authority",
                        "a.test",
                        ":path",
                        "/chat",
                        "sec-websocket-version",
                        "13");
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, fields);
                assertThat(client.response(1).status()).isEqualTo(501);
            }
        }
    }

    private static void agree(Request request, String body, Response response, Callback callback) {
        if (request.getHeaders().contains("Upgrade")) {
            EndPoint endPoint = request.getTunnelSupport().getEndPoint();
            request.setAttribute(
                    HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                    new Echo(endPoint, request.getComponents().getExecutor()));
            response.setStatus(101);
            response.getHeaders().add("Connection", "Upgrade").add("Upgrade", "websocket");
        }
        callback.succeeded();
    }

    /** Sends everything back. */
    private static final class Echo extends AbstractConnection implements Connection.UpgradeTo {

        Echo(EndPoint endPoint, Executor executor) {
            super(endPoint, executor);
        }

        @Override
        public void onUpgradeTo(ByteBuffer buffer) {
            throw new AssertionError("nothing was sent too early");
        }

        @Override
        public void onOpen() {
            super.onOpen();
            fillInterested();
        }

        @Override
        public void onFillable() {
            ByteBuffer buffer = BufferUtil.allocate(1024);
            try {
                if (getEndPoint().fill(buffer) < 0) {
                    close();
                    return;
                }
                Callback.Completable written = new Callback.Completable();
                getEndPoint().write(written, buffer);
                written.join();
                fillInterested();
            } catch (IOException e) {
                close();
            }
        }
    }
}
