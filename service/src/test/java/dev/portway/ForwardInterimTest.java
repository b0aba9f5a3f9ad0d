package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interim responses, and requests that wait for one (RFC 9110, sections 10.1.1 and 15.2). */
final class ForwardInterimTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final String EXPECTING =
            "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        origin = Origin.replying(200, "");
        proxy = ProxyHarness.routing("/", origin);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void asksForTheBodyWhenTheBackendDoes() throws IOException { // behaviour 46
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 100 Continue\r\n\r\n");
            exchange.readBody();
            exchange.write(OK);
        });
        try (RawClient client = proxy.connect()) {
            RawClient.Response interim = client.send(EXPECTING).read();
            RawClient.Response last = client.send("hello").read();

            Origin.Received received = origin.take();
            assertThat(interim.status()).isEqualTo(100);
            assertThat(last.text()).isEqualTo("hi");
            assertThat(received.field("Expect")).isEqualToIgnoringCase("100-continue");
            assertThat(received.bodyText()).isEqualTo("hello");
            assertThatTheConnectionGoesOn(client);
        }
    }

    /** Both come in one read. */
    @ParameterizedTest
    @CsvSource({"100, 102", "103, 100"})
    void passesOneInterimOnBehindTheOther(int first, int second) throws IOException { // behaviour 46
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 " + first + " One\r\n\r\nHTTP/1.1 " + second + " Other\r\n\r\n");
            exchange.readBody();
            exchange.write(OK);
        });
        try (RawClient client = proxy.connect()) {
            RawClient.Response one = client.send(EXPECTING).read();
            RawClient.Response other = client.read();

            assertThat(one.status()).isEqualTo(first);
            assertThat(other.status()).isEqualTo(second);
            assertThat(client.send("hello").read().text()).isEqualTo("hi");
            assertThat(origin.take().bodyText()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 401, 413, 417, 500})
    void passesAFinalAnswerOnWithoutAskingForTheBody(int status) throws IOException { // behaviour 46
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 " + status + " Status\r\nContent-Length: 2\r\n\r\nno");
            assertThat(exchange.in().read()).as("a byte of the body").isEqualTo(-1);
            exchange.socket().close();
        });
        try (RawClient client = proxy.connect()) {
            RawClient.Response response = client.send(EXPECTING).read();

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.text()).isEqualTo("no");
        }
    }

    @Test
    void takesNoBodyForARequestAfterAFinalAnswer() throws IOException { // behaviour 46
        origin.then(exchange -> exchange.write("HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        try (RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 28\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(417);
            origin.take();

            // The body all the same, which looks like a request.
            client.send("GET /no HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(client.closed()).isTrue();
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void asksForTheBodyItselfWhereTheBackendDoesNot() throws IOException { // behaviour 46
        origin.thenSending(OK);
        try (RawClient client = proxy.connect()) {
            RawClient.Response interim = client.send(EXPECTING).read();
            RawClient.Response last = client.send("hello").read();

            assertThat(interim.status()).isEqualTo(100);
            assertThat(last.text()).isEqualTo("hi");
            assertThat(origin.take().bodyText()).isEqualTo("hello");
            assertThatTheConnectionGoesOn(client);
        }
    }

    @Test
    void servesAClientThatDoesNotWait() throws IOException { // behaviour 46
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 100 Continue\r\n\r\n");
            exchange.readBody();
            exchange.write(OK);
        });
        try (RawClient client = proxy.connect()) {
            RawClient.Response response = client.send(EXPECTING + "hello").read();
            response = response.status() == 100 ? client.read() : response;

            assertThat(response.text()).isEqualTo("hi");
            assertThat(origin.take().bodyText()).isEqualTo("hello");
            assertThatTheConnectionGoesOn(client);
        }
    }

    @Test
    void asksForNoBodyBeforeTheBackendHasTheHead() throws IOException { // behaviour 46
        try (ProxyHarness nowhere = ProxyHarness.withRoutes("{ \"/\": " + unusedPort() + " }");
                RawClient client = nowhere.connect()) {
            RawClient.Response response = client.send(EXPECTING).read();

            assertThat(response.status()).isEqualTo(502);
        }
    }

    @Test
    void passesEarlyHintsOn() throws IOException { // behaviour 47
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nLink: </b.js>\r\n");
            exchange.write("Connection: X-Hop\r\nX-Hop: 1\r\n\r\n");
            exchange.write("HTTP/1.1 103 Early Hints\r\nLink: </c.js>\r\n\r\n");
            exchange.write(OK);
        });
        try (RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            RawClient.Response first = client.read();
            RawClient.Response second = client.read();
            RawClient.Response last = client.read();

            assertThat(first.status()).isEqualTo(103);
            assertThat(first.all("Link")).containsExactly("</a.css>; rel=preload", "</b.js>");
            assertThat(first.all("X-Hop")).isEmpty();
            assertThat(second.all("Link")).containsExactly("</c.js>");
            assertThat(last.text()).isEqualTo("hi");
            assertThat(last.all("Link")).isEmpty();
            assertThatTheConnectionGoesOn(client);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {102, 103, 110})
    void passesInterimResponsesOnBeforeTheLast(int status) throws IOException { // behaviour 47
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 " + status + " Interim\r\nX-A: b\r\n\r\n");
            exchange.readBody(); // the client sends it when it has seen the interim response
            exchange.write(OK);
        });
        try (RawClient client = proxy.connect()) {
            RawClient.Response interim = client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n")
                    .read();
            RawClient.Response last = client.send("hello").read();

            assertThat(interim.status()).isEqualTo(status);
            assertThat(last.text()).isEqualTo("hi");
        }
    }

    @Test
    void keepsInterimResponsesForAClientThatTakesThemLater() throws Exception { // behaviour 47
        RawClient.Response last = behindInterimsThatAreTakenLater(exchange -> exchange.write(OK));

        assertThat(last.text()).isEqualTo("hi");
    }

    @Test
    void putsAnErrorBehindInterimResponsesThatAreNotTakenYet() throws Exception { // behaviour 47
        RawClient.Response last = behindInterimsThatAreTakenLater(exchange -> {
            throw new IOException("breaks off");
        });

        assertThat(last.status()).isEqualTo(502);
    }

    /**
     * What comes behind more interim responses than the buffers between the two hold: one after the other is written when the
     * client has taken the last.
     */
    private static RawClient.Response behindInterimsThatAreTakenLater(Origin.Answer end) throws Exception {
        int count = 62;
        String interim = "HTTP/1.1 103 Early Hints\r\nX-A: " + "a".repeat(120_000) + "\r\n\r\n";
        CountDownLatch sent = new CountDownLatch(1);
        try (Origin eager = Origin.answering(exchange -> {
                    for (int i = 0; i < count; i++) {
                        exchange.write(interim);
                    }
                    sent.countDown();
                    end.to(exchange);
                });
                ProxyHarness wide = ProxyHarness.with(
                        "\"limits\": { \"headerBytes\": \"128KiB\" }",
                        "[{ \"id\": \"eager\", \"targets\": [\"" + eager.url()
                                + "\"], \"retry\": { \"attempts\": 1 } }]");
                RawClient client = wide.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            Held.until(sent);

            for (int i = 0; i < count; i++) {
                assertThat(client.read().status()).isEqualTo(103);
            }
            return client.read();
        }
    }

    @Test
    void sparesAnOldClientInterimResponses() throws IOException { // behaviour 47
        origin.thenSending("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK);

        RawClient.Response response = proxy.raw("GET / HTTP/1.0\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("hi");
    }

    @Test
    void keepsA100ThatNobodyAskedFor() throws IOException { // behaviour 46
        origin.thenSending("HTTP/1.1 100 Continue\r\n\r\n" + OK);

        RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("hi");
    }

    private static void assertThatTheConnectionGoesOn(RawClient client) throws IOException {
        origin.thenSending(OK);
        assertThat(client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n").read().text())
                .isEqualTo("hi");
    }

    private static int unusedPort() {
        try (Origin gone = Origin.replying(200, "")) {
            return gone.port();
        }
    }
}
