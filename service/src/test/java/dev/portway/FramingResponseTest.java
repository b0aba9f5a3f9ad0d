package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that send what is no response, less than they promised, or more. */
final class FramingResponseTest {

    private static final String GET = "GET /scripted HTTP/1.1\r\nHost: a.test\r\n\r\n";

    private static Origin origin;
    private static ProxyHarness proxy;

    /** What is sent to a request for {@code /scripted}; the connection is closed then, if it says so. */
    private static volatile Script script = new Script("", true);

    private record Script(String response, boolean closes) {}

    @BeforeAll
    static void start() {
        origin = Origin.answering(exchange -> {
            exchange.readBody();
            if (!exchange.request().target().equals("/scripted")) {
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
                return;
            }
            Script now = script;
            exchange.write(now.response());
            if (now.closes()) {
                exchange.socket().shutdownOutput();
                exchange.in().transferTo(OutputStream.nullOutputStream());
                throw new IOException("closed, as the script says");
            }
        });
        proxy = ProxyHarness.routing("/", origin);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @ParameterizedTest
    @MethodSource("dev.portway.BrokenResponses#all")
    void answersInPlaceOfWhatIsNoResponse(BrokenResponses.Row row) throws Exception {
        script = new Script(row.response(), true);

        try (RawClient client = proxy.connect()) {
            client.send(GET);
            RawClient.Response response = client.read();
            while (response.status() < 200) {
                response = client.read();
            }

            assertThat(response.status()).as(response.text()).isEqualTo(502);
            assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=" + row.error());
            assertThat(response.field("Set-Cookie")).isNull();
            assertThat(nextOn(client)).as("the client's connection is well").isEqualTo("next");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\n12345",
                "Transfer-Encoding: chunked\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\nX: y",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\nz\r\n12345\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n123456\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n10000000000000005\r\n12345\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n-5\r\n12345\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\nX : y\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5;a=\"\n\"\r\n12345\r\n0\r\n\r\n"
            })
    void breaksOffWhereTheBodyIsNotWhole(String rest) throws Exception { // behaviour 37
        script = new Script("HTTP/1.1 200 OK\r\n" + rest, true);

        try (RawClient client = proxy.connect()) {
            client.send(GET);

            assertThat(brokenOff(client)).isTrue();
        }
        try (RawClient old = proxy.connect()) {
            old.send("GET /scripted HTTP/1.0\r\nHost: a.test\r\n\r\n");

            // Where the end of the connection ends the body, only a reset tells that it came too early.
            assertThat(resetOrError(old)).isTrue();
        }
    }

    /** Or answered with an error, where the head had not gone out yet. */
    private static boolean brokenOff(RawClient client) {
        try {
            return client.read().status() == 502;
        } catch (IOException brokenOff) {
            return true;
        }
    }

    private static boolean resetOrError(RawClient client) throws IOException {
        try {
            return new String(client.in().readAllBytes(), US_ASCII).contains(" 502 ");
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void breaksOffABodyWithoutLengthThatEndsInAReset() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (Origin resetting = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 200 OK\r\n\r\nhalf");
                    exchange.socket().setSoLinger(true, 0);
                    Uninterruptibles.awaitUninterruptibly(read);
                    throw new IOException("closing resets");
                });
                ProxyHarness proxy = ProxyHarness.routing("/", resetting);
                RawClient client = proxy.connect()) {
            client.send(GET);
            assertThat(client.readHead().status()).isEqualTo(200);
            read.countDown();

            assertThat(client.rest()).doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void takesABodyWithoutLengthThatEndsWithTheConnection() throws Exception {
        script = new Script("HTTP/1.1 200 OK\r\n\r\nwhole", true);

        try (RawClient client = proxy.connect()) {
            assertThat(client.send(GET).read().text()).isEqualTo("whole");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 OK\r\nContent-Length: 2\r\n\r\nhi",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
                "204 No Content\r\n\r\n",
                "204 No Content\r\nContent-Length: 300\r\n\r\n",
                "304 Not Modified\r\nContent-Length: 300\r\n\r\n"
            })
    void givesNobodyWhatFollowsAResponse(String response) throws Exception { // behaviour 38
        String more = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned";
        script = new Script("HTTP/1.1 " + response + more, false);

        try (RawClient client = proxy.connect()) {
            client.send(GET);
            RawClient.Response first = client.read();

            assertThat(first.status()).isEqualTo(Integer.parseInt(response.substring(0, 3)));
            assertThat(first.text()).isEqualTo(first.status() == 200 ? "hi" : "");
            for (int i = 0; i < 3; i++) {
                assertThat(nextOn(client)).isEqualTo("next");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD 200 OK\r\nContent-Length: 40000\r\n\r\n",
                "HEAD 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9C40\r\n",
                "GET 204 No Content\r\nContent-Length: 40000\r\n\r\n",
                "GET 304 Not Modified\r\nContent-Length: 40000\r\n\r\n",
                "POST 200 OK\r\nContent-Length: 2\r\n\r\nhi"
            })
    void givesNobodyALongBodyThatShouldNotBeThere(String row) throws Exception {
        String method = row.substring(0, row.indexOf(' '));
        String poison = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned".repeat(1_000);
        script = new Script("HTTP/1.1" + row.substring(method.length()) + poison, false);

        try (RawClient client = proxy.connect()) {
            client.send(GET.replace("GET", method));

            client.read(method);
            for (int i = 0; i < 3; i++) {
                assertThat(nextOn(client)).isEqualTo("next");
            }
        }
    }

    @Test
    void keepsAPoliteInterimToItself() throws Exception { // behaviour 46
        script = new Script(
                "HTTP/1.1 100 Continue\r\n\r\n".repeat(3) + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false);

        try (RawClient client = proxy.connect()) {
            client.send(GET);

            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void givesNobodyWhatComesUnaskedOnAnIdleConnection() throws Exception {
        try (Origin eager = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                    if (exchange.request().target().equals("/first")) {
                        exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned");
                    }
                });
                ProxyHarness proxy = ProxyHarness.routing("/", eager)) {
            for (int i = 0; i < 2; i++) {
                assertThat(proxy.get("/first").body()).isEqualTo("hi");
                await().until(() -> eager.open() == 0); // it came, or it would be the answer to what is next
                assertThat(proxy.get("/second").body()).isEqualTo("hi");
            }
        }
    }

    @Test
    void passesOnAsManyInterimResponsesAsAreSensible() throws Exception { // behaviour 47
        script = new Script(
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(3)
                        + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                false);

        try (RawClient client = proxy.connect()) {
            client.send(GET);

            for (int i = 0; i < 3; i++) {
                assertThat(client.read().field("Link")).isEqualTo("</a>");
            }
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    private static String nextOn(RawClient client) throws IOException {
        RawClient.Response next =
                client.send("GET /next HTTP/1.1\r\nHost: a.test\r\n\r\n").read();
        assertThat(next.status()).as(new String(next.body(), ISO_8859_1)).isEqualTo(200);
        return next.text();
    }
}
