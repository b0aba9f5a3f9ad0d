package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that a backend could read otherwise than the proxy does. Behind each of them, on the same connection, comes
 * another request: the one to be smuggled where the first is malformed, an ordinary one where it is not.
 */
final class SmugglingTest {

    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a.test\r\n\r\n";

    /** Said by the proxy, whatever the client sent. */
    private static final Set<String> OURS =
            Set.of("via", "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port");

    private static final BlockingQueue<String> WHOLE = new LinkedBlockingQueue<>();

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        origin = Origin.answering(exchange -> {
            exchange.readBody();
            WHOLE.add(seen(exchange.request()));
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        proxy = ProxyHarness.routing("/", origin);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @AfterEach
    void nothingComesLate() {
        List<String> late = new ArrayList<>();
        WHOLE.drainTo(late);
        assertThat(late).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.portway.RefusedRequests#all")
    void refusesAndClosesAndLetsNothingThrough(RefusedRequests.Row row) throws Exception {
        String answer = answerTo(row.request() + NEXT);

        assertRefusal(answer, row.status());
        barrier();
        assertThat(origin.take().target()).as("the first that the backend sees").isEqualTo("/barrier");
        assertThat(origin.untaken()).isEmpty();
    }

    /** A connection remembers the host of the request before. */
    @ParameterizedTest
    @MethodSource("dev.portway.RefusedRequests#all")
    void refusesBehindOneThatWasServed(RefusedRequests.Row row) throws Exception {
        origin.forget();
        try (RawClient client = proxy.connect()) {
            client.send(NEXT);
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(WHOLE.take()).startsWith("GET /next HTTP/1.1|Host: a.test|");
            assertThat(origin.take().target()).isEqualTo("/next");

            assertRefusal(client.send(row.request() + NEXT).rest(), row.status());
        }
        barrier();
        assertThat(origin.take().target()).as("the next that the backend sees").isEqualTo("/barrier");
        assertThat(origin.untaken()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.portway.BrokenChunks#all")
    void refusesABrokenBodyAndNeverLetsItEnd(BrokenChunks.Row row) throws Exception {
        String answer = answerTo(row.request() + NEXT);

        assertRefusal(answer, 400);
        barrier();
    }

    @ParameterizedTest
    @MethodSource("dev.portway.OddRequests#all")
    void forwardsWhatMeansOneThing(OddRequests.Row row) throws Exception {
        try (RawClient client = proxy.connect()) {
            client.send(row.request() + NEXT);

            assertThat(client.read(row.method()).status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(WHOLE.take()).isEqualTo(row.seen());
        assertThat(WHOLE.take()).startsWith("GET /next HTTP/1.1|Host: a.test|");
        assertThat(WHOLE).isEmpty();
    }

    private static String answerTo(String bytes) throws Exception {
        origin.forget();
        try (RawClient client = proxy.connect()) {
            return client.send(bytes).rest();
        }
    }

    private static void assertRefusal(String answer, int status) {
        RawClient.Response response = RawClient.Response.parse(answer);
        assertThat(response.status()).as(answer).isEqualTo(status);
        assertThat(response.field("Proxy-Status")).isEqualTo("portway; error=http_request_error");
        assertThat(response.field("Connection")).isEqualTo("close");
        assertThat(response.body())
                .as("no second response")
                .hasSize(Integer.parseInt(response.field("Content-Length")));
    }

    /** What was let through before has been seen when this returns; and it was nothing whole. */
    private static void barrier() throws Exception {
        assertThat(proxy.get("/barrier").statusCode()).isEqualTo(200);
        assertThat(WHOLE.take()).as("the first whole request").startsWith("GET /barrier ");
        assertThat(WHOLE).isEmpty();
    }

    /** The first line, the fields that are not the proxy's own, an empty line and the body. */
    private static String seen(Origin.Received request) {
        StringBuilder seen = new StringBuilder(request.requestLine()).append('|');
        for (String line : request.fieldLines()) {
            String name = line.substring(0, line.indexOf(':')).toLowerCase(java.util.Locale.ROOT);
            if (!OURS.contains(name)) {
                seen.append(line).append('|');
            }
        }
        return seen.append('|').append(new String(request.body(), ISO_8859_1)).toString();
    }
}
