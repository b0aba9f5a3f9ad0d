package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.server.RawHTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backend of HTTP/2 that says of a request that it has not looked at it (RFC 9113, section 8.7). */
final class RefusedStreamTest {

    private final AtomicInteger streams = new AtomicInteger();
    private final Server backend = new Server();
    private ProxyHarness proxy;
    private int refuseFrom;
    private int refuseTo;

    @BeforeEach
    void start() throws Exception {
        ServerConnector connector = new ServerConnector(backend, new RawHTTP2ServerConnectionFactory(new Session()));
        connector.setHost("127.0.0.1");
        backend.addConnector(connector);
        backend.start();
        proxy = ProxyHarness.with(
                "\"limits\": { \"eventLoops\": 1 }",
                "[{ \"id\": \"only\", \"target\": \"h2c://127.0.0.1:" + connector.getLocalPort() + "\" }]");
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.stop();
    }

    @ParameterizedTest
    @CsvSource({"2, 2, GET, 200, 3", "2, 2, POST, 200, 3", "2, 9, GET, 502, 3"})
    void isAskedOnceMore(int from, int to, String method, int status, int asked) throws Exception {
        refuseFrom = from;
        refuseTo = to;
        try (RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();

            client.send(method + " / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(client.read().status()).isEqualTo(status);
            assertThat(streams).hasValue(asked);
        }
    }

    /** Refuses some of its streams, counted from 1. */
    private final class Session implements ServerSessionListener {
        @Override
        public Map<Integer, Integer> onPreface(org.eclipse.jetty.http2.api.Session session) {
            return Map.of();
        }

        @Override
        public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
            int number = streams.incrementAndGet();
            if (number >= refuseFrom && number <= refuseTo) {
                stream.reset(new ResetFrame(stream.getId(), ErrorCode.REFUSED_STREAM_ERROR.code), Callback.NOOP);
                return new Stream.Listener() {};
            }
            MetaData.Response response = new MetaData.Response(200, null, HttpVersion.HTTP_2, HttpFields.EMPTY);
            stream.headers(new HeadersFrame(stream.getId(), response, null, true), Callback.NOOP);
            return new Stream.Listener() {};
        }
    }
}
