package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that fail take a target out for a while, through the whole proxy (behaviours 74, 75, 82). */
final class EjectionTest {

    private static final String LONG = "\"ejection\": { \"time\": \"1h\", \"maxTime\": \"1h\" }";
    private static final String SHORT = "\"ejection\": { \"time\": \"1ms\", \"maxTime\": \"1ms\" }";
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private Origin good;
    private Origin bad;

    @BeforeEach
    void start() {
        good = Origin.replying(200, "good");
        bad = Origin.replying(500, "bad");
    }

    @AfterEach
    void stop() {
        good.close();
        bad.close();
    }

    @Test
    void takesOutATargetThatAnswers500ToEverything() throws Exception { // the defaults, with nothing said
        try (ProxyHarness proxy = routing("")) {
            List<String> first = answers(proxy, 20);
            List<String> then = answers(proxy, 500);

            assertThat(Collections.frequency(first, "bad")).isEqualTo(5);
            assertThat(Collections.frequency(then, "bad")).isLessThan(10); // 2 %
            JsonNode ejection = backend(proxy, bad).path("ejection");
            assertThat(ejection.path("reason").asText()).endsWith("answered 500"); // the first time, or on trial
            assertThat(ejection.path("times").asInt()).isPositive();
            assertThat(backend(proxy, good).has("ejection")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", "Fri, 31 Dec 2199 23:59:59 GMT"})
    void leavesATargetAloneThatAsksForIt(String retryAfter) throws Exception {
        bad.thenSending("HTTP/1.1 503 No\r\nRetry-After: " + retryAfter + "\r\nContent-Length: 4\r\n\r\nbusy");
        try (ProxyHarness proxy = routing(LONG)) {
            List<String> answers = answers(proxy, 40);

            assertThat(Collections.frequency(answers, "busy")).isEqualTo(1);
            JsonNode ejection = backend(proxy, bad).path("ejection");
            assertThat(ejection.path("reason").asText()).isEqualTo("answered 503 with Retry-After");
            Instant until = Instant.parse(ejection.path("until").asText());
            assertThat(until)
                    .isBetween(
                            Instant.now().plusSeconds(3_000), Instant.now().plusSeconds(3_960)); // a tenth more at most
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"429 Slow\r\nRetry-After: 3600", "503 No\r\nRetry-After: soon", "503 No\r\nRetry-After: 0"})
    void leavesNoTargetAloneForWhatSaysNothingOfIt(String head) throws Exception {
        bad.thenSending("HTTP/1.1 " + head + "\r\nContent-Length: 4\r\n\r\nbusy");
        try (ProxyHarness proxy = routing(LONG)) {
            assertThat(Collections.frequency(answers(proxy, 8), "busy")).isEqualTo(4);
        }
    }

    @Test
    void asksTheOnlyTargetThatAsksToBeLeftAlone() throws Exception {
        bad.thenSending("HTTP/1.1 503 No\r\nRetry-After: 3600\r\nContent-Length: 4\r\n\r\nbusy");
        try (ProxyHarness proxy =
                ProxyHarness.withRoutes("[ { \"target\": \"" + bad.url() + "\", \"ejection\": true } ]")) {
            assertThat(answers(proxy, 5)).containsOnly("busy");
        }
    }

    @Test
    void takesOutATargetThatBreaksOff() throws Exception {
        bad.then(exchange -> {
            throw new IOException("breaks off");
        });
        try (ProxyHarness proxy = routing(LONG)) {
            answers(proxy, 40);

            assertThat(backend(proxy, bad).at("/ejection/reason").asText())
                    .contains("closed the connection before its response was complete");
        }
    }

    @Test
    void takesOutATargetThatBreaksOffEveryAnswerHoweverWellItBegins() throws Exception {
        bad.then(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            throw new IOException("breaks off");
        });
        try (ProxyHarness proxy = routing("\"loadBalancing\": \"round-robin\", " + LONG)) {
            int broken = 0;
            for (int i = 0; i < 40; i++) {
                try {
                    proxy.raw(GET);
                } catch (IOException brokenOff) {
                    broken++;
                }
            }

            assertThat(broken).isEqualTo(5);
            assertThat(backend(proxy, bad).at("/ejection/reason").asText()).startsWith("5 failures in a row");
        }
    }

    @Test
    void holdsNothingAgainstATargetWhoseClientsLeave() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        for (Origin origin : List.of(good, bad)) {
            origin.then(exchange -> {
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                awaitQuietly(end);
            });
        }
        try (ProxyHarness proxy = routing("\"ejection\": { \"failures\": 1, \"time\": \"1h\", \"maxTime\": \"1h\" }")) {
            for (int i = 0; i < 10; i++) {
                try (RawClient client = proxy.connect()) {
                    assertThat(client.send(GET).readHead().status()).isEqualTo(200);
                }
            }
            await().until(() -> backend(proxy, good).path("inFlight").asInt() == 0
                    && backend(proxy, bad).path("inFlight").asInt() == 0);

            assertThat(backend(proxy, good).has("ejection")).isFalse();
            assertThat(backend(proxy, bad).has("ejection")).isFalse();
        } finally {
            end.countDown();
        }
    }

    @Test
    void takesOutATargetThatDoesNotAnswerInTime() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        bad.then(exchange -> awaitQuietly(end));
        try (ProxyHarness proxy =
                routing("\"timeouts\": { \"response\": \"50ms\" }, \"ejection\": { \"failures\": 2, \"time\": \"1h\","
                        + " \"maxTime\": \"1h\" }")) {
            answers(proxy, 10);

            assertThat(backend(proxy, bad).at("/ejection/reason").asText()).contains("did not begin to answer within");
        } finally {
            end.countDown();
        }
    }

    @Test
    void holdsNoClientsLeavingAgainstATarget() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Origin.Answer silent = exchange -> awaitQuietly(end);
        good.then(silent);
        bad.then(silent);
        try (ProxyHarness proxy = routing("\"ejection\": { \"failures\": 1 }")) {
            for (int i = 0; i < 6; i++) {
                try (RawClient client = proxy.connect()) {
                    client.send(GET);
                    int sent = i + 1;
                    await().until(() -> good.untaken().size() + bad.untaken().size() == sent);
                }
            }
            await().until(() -> backend(proxy, good).path("inFlight").asInt() == 0
                    && backend(proxy, bad).path("inFlight").asInt() == 0);

            assertThat(backend(proxy, good).has("ejection")).isFalse();
            assertThat(backend(proxy, bad).has("ejection")).isFalse();
        } finally {
            end.countDown();
        }
    }

    @Test
    void bringsATargetBackThatAnswersWellAgain() throws Exception {
        try (ProxyHarness proxy = routing(SHORT)) {
            answers(proxy, 20);
            bad.then(exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell"));

            await().until(() -> {
                answers(proxy, 2);
                return !backend(proxy, bad).has("ejection");
            });

            assertThat(Collections.frequency(answers(proxy, 10), "well")).isEqualTo(5);
        }
    }

    @Test
    void leavesASingleTargetAloneUnlessTheRouteAsks() throws Exception {
        try (ProxyHarness proxy = ProxyHarness.routing("/", bad)) {
            answers(proxy, 20);

            assertThat(backend(proxy, bad).has("ejection")).isFalse();
        }
    }

    @Test
    void ejectsNothingWhereTheRouteSaysSo() throws Exception {
        try (ProxyHarness proxy = routing("\"ejection\": false")) {
            assertThat(Collections.frequency(answers(proxy, 40), "bad")).isEqualTo(20);
        }
    }

    @Test
    void usesBothWhereBothFail() throws Exception {
        good.thenSending("HTTP/1.1 503 Status\r\nContent-Length: 4\r\n\r\ngood");
        try (ProxyHarness proxy =
                routing("\"ejection\": { \"time\": \"1h\", \"maxTime\": \"1h\", \"maxEjected\": 100 }")) {
            answers(proxy, 40);

            assertThat(backend(proxy, good).at("/ejection/phase").asText()).isEqualTo("ejected");
            assertThat(backend(proxy, bad).at("/ejection/phase").asText()).isEqualTo("ejected");
            assertThat(answers(proxy, 10)).contains("good", "bad");
        }
    }

    @Test
    void countsWhatTheRuleCallsAFailure() throws Exception {
        bad.thenSending("HTTP/1.1 429 Status\r\nContent-Length: 3\r\n\r\nbad");
        try (ProxyHarness proxy = routing(
                "\"ejection\": { \"statuses\": 429, \"failures\": 3, \"time\": \"1h\"," + " \"maxTime\": \"1h\" }")) {
            assertThat(Collections.frequency(answers(proxy, 40), "bad")).isEqualTo(3);
        }
    }

    @Test
    void outlivesEditsOfOtherRoutesAndOfThisOnesMetadata() throws Exception { // behaviour 75
        try (ProxyHarness proxy = routing(LONG)) {
            answers(proxy, 20);
            JsonNode before = backend(proxy, bad).path("ejection");

            assertThat(proxy.admin("POST", "/routes", "{\"id\": \"more\", \"host\": \"more.test\", \"target\": 1}")
                            .statusCode())
                    .isEqualTo(201);
            assertThat(proxy.admin("PATCH", "/routes/both", "{\"metadata\": {\"owner\": \"me\"}}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Files.readString(proxy.file())).contains("owner");

            assertThat(backend(proxy, bad).path("ejection")).isEqualTo(before);
            assertThat(answers(proxy, 10)).containsOnly("good");
        }
    }

    @Test
    void publishesEjectionsAsMetrics() throws Exception {
        try (ProxyHarness proxy = routing(LONG)) {
            answers(proxy, 20);

            String metrics = proxy.admin("GET", "/prometheus", null).body();
            String label = "{backend=\"127.0.0.1:" + bad.port() + "\"} ";
            assertThat(metrics)
                    .contains("portway_backend_ejected" + label + "1.0")
                    .contains("portway_backend_ejections_total" + label + "1.0");
        }
    }

    private ProxyHarness routing(String more) {
        return ProxyHarness.withRoutes("[ { \"id\": \"both\", \"targets\": [\"" + good.url() + "\", \"" + bad.url()
                + "\"]" + (more.isEmpty() ? "" : ", " + more) + " } ]");
    }

    private static JsonNode backend(ProxyHarness proxy, Origin origin) throws Exception {
        return new ObjectMapper()
                .readTree(proxy.admin("GET", "/backends/127.0.0.1:" + origin.port(), null)
                        .body());
    }

    /** The bodies; the status in place of one that the proxy made itself. */
    private static List<String> answers(ProxyHarness proxy, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    try {
                        RawClient.Response response = proxy.raw(GET);
                        String text = response.text();
                        return text.length() > 4 ? String.valueOf(response.status()) : text;
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
