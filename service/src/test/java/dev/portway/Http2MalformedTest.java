package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over HTTP/2 that an HTTP/1.1 backend would read otherwise, or that are none: nothing of them gets through. */
final class Http2MalformedTest {

    private static final int PROTOCOL_ERROR = 1;
    private static final int STREAM_CLOSED = 5;
    private static final int RESET = -1;

    /** The path of a request whose head is well-formed, and may get through. */
    private static final String WELL_BEGUN = "/well-begun";

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "ok");
        proxy = ProxyHarness.withRoutes("[{ \"id\": \"only\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterAll
    static void stop() {
        assertThat(origin.untaken())
                .filteredOn(request -> !request.target().equals(WELL_BEGUN))
                .isEmpty();
        proxy.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection: close",
                "connection: te",
                "keep-alive: timeout=5",
                "proxy-connection: keep-alive",
                "transfer-encoding: chunked",
                "upgrade: websocket",
                "te: gzip",
                "X-Upper: 1",
                "x y: 1",
                "x-one: a\r\nx-two: b",
                "x-one: a\u0000b",
                "x-one:  a",
                ":status: 200",
                ":unknown: 1",
                ":path: /again"
            })
    void areReset(String field) throws Exception {
        int colon = field.indexOf(": ");
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            client.get(1, "/", field.substring(0, colon), field.substring(colon + 2));

            RawHttp2.Frame reset = client.await(RawHttp2.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(1);
            assertThat(reset.error()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a path with a blank, :path, / HTTP/1.1",
        "a path with a line of its own, :path, '/ HTTP/1.1\tx'",
        "a path with a fragment, :path, /#a",
        "a path that is none, :path, a",
        "a method with a blank, :method, GET /",
        "a method with a colon, :method, G:T",
        "an authority with a user, :authority, user@a.test",
        "an authority with a path, :authority, a.test/b",
        "an authority with a blank, :authority, a.test b",
        "an authority with a port that is none, :authority, a.test:x"
    })
    void areRefused(String what, String name, String value) throws Exception {
        List<String> fields = new ArrayList<>(List.of(RawHttp2.request("GET", "/")));
        fields.set(fields.indexOf(name) + 1, value);

        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            byte[] block = RawHttp2.block(fields.toArray(String[]::new));
            client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, block);

            assertThat(statusOf(client)).as(what).isIn(400, RESET);
        }
    }

    /** Of the first response; {@link #RESET} where the stream or the connection is ended instead. */
    private static int statusOf(RawHttp2 client) throws IOException {
        RawHttp2.Frame frame = client.read();
        while (frame != null && frame.type() != RawHttp2.HEADERS && frame.type() != RawHttp2.RST_STREAM) {
            frame = client.read();
        }
        return frame != null && frame.fields() instanceof MetaData.Response response ? response.getStatus() : RESET;
    }

    @Test
    void areRefusedWhereHostAndAuthorityDiffer() throws Exception {
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            assertThat(client.get(1, "/", "host", "b.test").response(1).status())
                    .isEqualTo(400);
        }
    }

    @Test
    void areRefusedWithoutAName() throws Exception {
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            byte[] block = RawHttp2.block(":method", "GET", ":scheme", "http", ":path", "/");
            client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, block);

            assertThat(client.response(1).status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\";for=1.2.3.4",
                "a b",
                "a/b",
                "user@a.test",
                "a.test:x",
                "a.test:65536",
                ":80",
                "[::1",
                "::1",
                "[a]"
            })
    void areRefusedWhereHostIsNone(String host) throws Exception {
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            byte[] block = RawHttp2.block(":method", "GET", ":scheme", "http", ":path", "/", "host", host);
            client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, block);

            assertThat(client.response(1).status()).isEqualTo(400);
        }
    }

    @Test
    void areRefusedWhereTwoHostsAreNamed() throws Exception {
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            byte[] block = RawHttp2.block(
                    ":method", "GET", ":scheme", "http", ":path", "/", "host", "a.test", "host", "b.test");
            client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, block);

            assertThat(client.response(1).status()).isEqualTo(400);
        }
    }

    @Test
    void areResetWhereTheirBodyHasAnotherLengthThanTheySay() throws Exception {
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            client.post(1, WELL_BEGUN, "content-length", "2", "expect", "100-continue")
                    .lastData(1, "abc");

            assertThat(client.await(RawHttp2.RST_STREAM).error()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void dataAfterTheEndAreTold() throws Exception {
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            assertThat(client.get(1, "/", "host", "b.test").response(1).status())
                    .isEqualTo(400);
            client.lastData(1, "more");

            assertThat(client.await(RawHttp2.RST_STREAM).error()).isEqualTo(STREAM_CLOSED);
        }
    }
}
