package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests over HTTP/2, in clear text and over TLS, as an HTTP/1.1 backend sees them and answers. */
final class Http2RequestsTest { // behaviours 87, 89, 90

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static Origin origin;
    private static ProxyHarness proxy;

    private static volatile Origin.Answer answer = exchange -> {};

    enum Listener {
        PLAIN,
        TLS;

        URI url() {
            return this == TLS ? proxy.tls() : proxy.proxy();
        }

        RawHttp2 connect() throws IOException {
            return RawHttp2.to(url());
        }
    }

    @BeforeAll
    static void start() {
        origin = Origin.answering(exchange -> answer.to(exchange));
        proxy = ProxyHarness.secured("[{ \"id\": \"only\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @BeforeEach
    void answerShortly() {
        origin.forget();
        answer = exchange -> {
            exchange.readBody();
            exchange.write(OK);
        };
    }

    @ParameterizedTest
    @EnumSource
    void comeToTheBackendInItsOwnTerms(Listener listener) throws Exception {
        try (RawHttp2 client = listener.connect()) {
            RawHttp2.Response response =
                    client.get(1, "/a%2Fb?c=d", "x-one", "1", "x-one", "2").response(1);

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("ok");
        }
        Origin.Received request = origin.take();
        assertThat(request.target()).isEqualTo("/a%2Fb?c=d");
        assertThat(request.field("Host")).isEqualTo("a.test");
        assertThat(request.all("x-one")).containsExactly("1", "2");
        assertThat(request.field("Via")).startsWith("2.0 portway-");
        assertThat(request.field("X-Forwarded-Proto")).isEqualTo(listener == Listener.TLS ? "https" : "http");
        assertThat(request.field("Forwarded"))
                .isEqualTo("for=127.0.0.1;host=\"a.test\";proto=" + (listener == Listener.TLS ? "https" : "http"));
        assertThat(request.field("Transfer-Encoding")).isNull();
        assertThat(request.field("Content-Length")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void carryABodyOfUnknownLength(Listener listener) throws Exception {
        try (RawHttp2 client = listener.connect()) {
            client.post(1, "/").data(1, "ab");
            client.frame(RawHttp2.DATA, 0, 1).lastData(1, "cd");

            assertThat(client.response(1).status()).isEqualTo(200);
        }
        Origin.Received request = origin.take();
        assertThat(request.bodyText()).isEqualTo("abcd");
        assertThat(request.field("Transfer-Encoding")).isEqualTo("chunked");
    }

    @ParameterizedTest
    @EnumSource
    void carryABodyOfKnownLength(Listener listener) throws Exception {
        try (RawHttp2 client = listener.connect()) {
            client.post(1, "/", "content-length", "4").lastData(1, "abcd");

            assertThat(client.response(1).status()).isEqualTo(200);
        }
        Origin.Received request = origin.take();
        assertThat(request.bodyText()).isEqualTo("abcd");
        assertThat(request.field("Content-Length")).isEqualTo("4");
        assertThat(request.field("Transfer-Encoding")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void carryABodyThatTurnsOutToBeEmpty(Listener listener) throws Exception {
        try (RawHttp2 client = listener.connect()) {
            client.post(1, "/").frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1);

            assertThat(client.response(1).status()).isEqualTo(200);
        }
        assertThat(origin.take().bodyText()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void haveTheirCookieInOnePiece(Listener listener) throws Exception {
        try (RawHttp2 client = listener.connect()) {
            client.get(1, "/", "cookie", "a=1", "x-one", "1", "cookie", "b=2; c=3", "cookie", "d=4")
                    .response(1);
        }
        assertThat(origin.take().all("Cookie")).containsExactly("a=1; b=2; c=3; d=4");
    }

    @ParameterizedTest
    @EnumSource
    void mayNameTheirHostInHostAlone(Listener listener) throws Exception {
        try (RawHttp2 client = listener.connect()) {
            byte[] block = RawHttp2.block(":method", "GET", ":scheme", "https", ":path", "/", "host", "b.test:81");
            client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, block);

            assertThat(client.response(1).status()).isEqualTo(200);
        }
        assertThat(origin.take().field("Host")).isEqualTo("b.test:81");
    }

    @ParameterizedTest
    @EnumSource
    void takeTheRouteOfTheirHostHoweverItIsNamed(Listener listener) throws Exception {
        proxy.admin("PUT", "/routes/b", "{\"host\": \"b.test\", \"target\": \"" + origin.url() + "/b\"}");

        try (RawHttp2 client = listener.connect()) {
            byte[] host = RawHttp2.block(":method", "GET", ":scheme", "https", ":path", "/", "host", "b.test:81");
            byte[] authority =
                    RawHttp2.block(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "B.test");
            client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, host)
                    .response(1);
            client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 3, authority)
                    .response(3);
        }
        assertThat(origin.take().target()).isEqualTo("/b/");
        assertThat(origin.take().target()).isEqualTo("/b/");
    }

    @ParameterizedTest
    @EnumSource
    void carryTrailersBothWays(Listener listener) throws Exception { // behaviours 16, 17, 18
        answer = exchange -> {
            exchange.readBody();
            exchange.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
        };

        try (RawHttp2 client = listener.connect()) {
            client.post(1, "/", "te", "trailers").data(1, "ab");
            client.frame(
                    RawHttp2.HEADERS,
                    RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                    1,
                    RawHttp2.block("x-check", "5", "host", "evil.test"));
            RawHttp2.Response response = client.response(1);

            assertThat(response.body()).isEqualTo("ok");
            assertThat(response.trailers()).extracting(HttpField::toString).containsExactly("x-sum: 7");
            assertThat(response.names()).doesNotContain("transfer-encoding", "x-sum");
        }
        Origin.Received request = origin.take();
        assertThat(request.trailers()).isEqualToIgnoringCase("X-Check: 5\n");
        assertThat(request.field("TE")).isEqualTo("trailers");
    }

    @ParameterizedTest
    @EnumSource
    void areAnsweredWithoutFieldsOfTheBackendsConnection(Listener listener) throws Exception { // behaviour 48
        answer = exchange -> exchange.write("""
                HTTP/1.1 200 OK
                Connection: keep-alive, X-Hop
                X-Hop: 1
                Keep-Alive: timeout=5
                Upgrade: h2c
                Proxy-Connection: keep-alive
                X-End: 1
                Transfer-Encoding: chunked

                2
                ok
                0

                """.replace("\n", "\r\n"));

        try (RawHttp2 client = listener.connect()) {
            RawHttp2.Response response = client.get(1, "/").response(1);

            assertThat(response.names()).containsExactlyInAnyOrder("x-end", "date", "content-length");
            assertThat(response.body()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @EnumSource
    void areAnsweredWithoutABodyWhereThereIsNone(Listener listener) throws Exception { // behaviour 50
        try (RawHttp2 client = listener.connect()) {
            answer = exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            client.frame(
                    RawHttp2.HEADERS,
                    RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                    1,
                    RawHttp2.block(RawHttp2.request("HEAD", "/")));
            RawHttp2.Response head = client.response(1);
            answer = exchange -> exchange.write("HTTP/1.1 204 No Content\r\n\r\n");
            RawHttp2.Response noContent = client.get(3, "/").response(3);
            answer = exchange -> exchange.write("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n");
            RawHttp2.Response notModified = client.get(5, "/").response(5);

            assertThat(head.all("content-length")).containsExactly("1000");
            assertThat(head.body()).isEmpty();
            assertThat(noContent.status()).isEqualTo(204);
            assertThat(noContent.names()).doesNotContain("content-length");
            assertThat(notModified.status()).isEqualTo(304);
            assertThat(notModified.all("etag")).containsExactly("\"1\"");
            assertThat(notModified.names()).doesNotContain("content-length");
        }
    }

    @ParameterizedTest
    @EnumSource
    void getInterimResponsesFirst(Listener listener) throws Exception { // behaviour 47
        answer = exchange -> exchange.write(
                "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: close\r\n\r\n" + OK);

        try (RawHttp2 client = listener.connect()) {
            client.get(1, "/");
            MetaData.Response early =
                    (MetaData.Response) client.await(RawHttp2.HEADERS).data();

            assertThat(early.getStatus()).isEqualTo(103);
            assertThat(early.getHttpFields().getFieldNamesCollection()).containsExactly("link");
            assertThat(client.response(1).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void areServedSideBySide(Listener listener) throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        answer = exchange -> {
            both.countDown();
            await().until(() -> both.getCount() == 0);
            exchange.write(OK);
        };

        try (RawHttp2 client = listener.connect()) {
            client.get(1, "/1").get(3, "/3");

            assertThat(client.await(RawHttp2.HEADERS).stream() + client.await(RawHttp2.HEADERS).stream())
                    .isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void areCancelledAtTheBackendWhenTheClientResetsThem(Listener listener) throws Exception { // behaviours 40, 41
        long before = left();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        answer = exchange -> waitForTheEnd(exchange, begun, left);

        try (RawHttp2 client = listener.connect()) {
            client.get(1, "/slow");
            begun.await();
            client.frame(RawHttp2.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});

            assertThat(left.await(1, TimeUnit.SECONDS)).isTrue();
            answer = exchange -> exchange.write(OK);
            assertThat(client.get(3, "/").response(3).status()).isEqualTo(200);
        }
        assertCountedAsLeft(before);
    }

    @ParameterizedTest
    @EnumSource
    void areCancelledAtTheBackendWhenTheConnectionCloses(Listener listener) throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch left = new CountDownLatch(2);
        answer = exchange -> waitForTheEnd(exchange, begun, left);

        try (RawHttp2 client = listener.connect()) {
            client.get(1, "/slow").get(3, "/slow");
            begun.await();
        }

        assertThat(left.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void areCancelledAtTheBackendWhenTheirUploadIsReset(Listener listener) throws Exception {
        long before = left();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        answer = exchange -> waitForTheEnd(exchange, begun, left);

        try (RawHttp2 client = listener.connect()) {
            client.post(1, "/slow").data(1, "half");
            begun.await();
            client.frame(RawHttp2.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});

            assertThat(left.await(1, TimeUnit.SECONDS)).isTrue();
        }
        assertCountedAsLeft(before);
    }

    @ParameterizedTest
    @EnumSource
    void areBrokenOffWhereTheBackendBreaksOff(Listener listener) throws Exception { // behaviour 37
        answer = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            throw new IOException("hung up");
        };

        try (RawHttp2 client = listener.connect()) {
            client.get(1, "/");

            assertThat(client.await(RawHttp2.RST_STREAM).stream()).isEqualTo(1);
            answer = exchange -> exchange.write(OK);
            assertThat(client.get(3, "/").response(3).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAnEarlyAnswerWhileTheyAreStillSent(Listener listener) throws Exception { // behaviour 100
        answer = exchange -> exchange.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");

        try (RawHttp2 client = listener.connect()) {
            client.post(1, "/").data(1, "more to come");

            RawHttp2.Response response = client.response(1);
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.body()).isEqualTo("big");
        }
    }

    private static void waitForTheEnd(Origin.Exchange exchange, CountDownLatch begun, CountDownLatch left)
            throws IOException {
        begun.countDown();
        exchange.in().transferTo(OutputStream.nullOutputStream());
        left.countDown();
        throw new IOException("the proxy hung up");
    }

    private static long left() throws Exception {
        String metrics = proxy.admin("GET", "/metrics", null).body();
        return new ObjectMapper()
                .readTree(metrics)
                .path("counters")
                .path("portway.route.only.errors.client_closed")
                .path("count")
                .asLong();
    }

    /** As clients that left, not as failures of the backend. */
    private static void assertCountedAsLeft(long before) {
        await().untilAsserted(() -> assertThat(left()).isEqualTo(before + 1));
        await().untilAsserted(() -> assertThat(
                        proxy.admin("GET", "/backends", null).body().replace(" ", ""))
                .contains("\"inFlight\":0"));
    }
}
