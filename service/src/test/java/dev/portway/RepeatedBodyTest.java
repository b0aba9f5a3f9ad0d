package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of a request's body, and of an answer that is there, where there is no second attempt after all. */
class RepeatedBodyTest {

    @Test
    void sendsNoPartOfABodyTwiceWhereTheAnswerIsPassedOn() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        BlockingQueue<String> bodies = new ArrayBlockingQueue<>(1);
        Origin.Answer early = exchange -> {
            byte[] begin = exchange.in().readNBytes(10);
            exchange.write("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            answered.countDown();
            byte[] rest = exchange.in().readNBytes(10);
            bodies.add(new String(begin, ISO_8859_1) + new String(rest, ISO_8859_1));
            exchange.write("0\r\n\r\n");
        };
        try (Origin a = Origin.answering(early);
                Origin b = Origin.answering(early);
                ProxyHarness proxy = both(a, b, "'ejection': false, 'retry': { 'statuses': [503], 'budget': 0 }");
                RawClient client = proxy.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\nAAAAAAAAAA");
            assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
            client.send("BBBBBBBBBB");

            assertThat(bodies.poll(10, TimeUnit.SECONDS)).isEqualTo("AAAAAAAAAABBBBBBBBBB");
            assertThat(client.read("PUT").status()).isEqualTo(503);
        }
    }

    @Test
    void passesTheOnlyAnswerOnRatherThanAskABackendThatIsDown() throws Exception {
        try (Origin busy = Origin.sending("HTTP/1.1 503 No\r\nRetry-After: 7\r\nContent-Length: 3\r\n\r\nbad");
                Origin dead = Origin.replying(200, "dead")) {
            dead.close();
            try (ProxyHarness proxy = both(busy, dead, "'ejection': false, 'retry': { 'statuses': [503] }")) {
                await().until(() -> backend(proxy, dead).path("health").asText().equals("down"));

                RawClient.Response response = proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

                assertThat(response.status()).isEqualTo(503);
                assertThat(response.field("Retry-After")).isEqualTo("7");
            }
        }
    }

    @Test
    void sendsToTheOtherWhatAKeptConnectionLostWhereTheTargetTakesNoMore() throws Exception {
        Origin.Answer loses = exchange -> {
            exchange.readBody();
            if (exchange.request().target().equals("/lose")) {
                throw new IOException("the kept connection is closed");
            }
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };
        try (Origin a = Origin.answering(loses);
                Origin b = Origin.replying(200, "b");
                ProxyHarness proxy =
                        ProxyHarness.with("\"limits\": { \"eventLoops\": 1 }", """
                        [ { "targets": [
                              { "url": "%s", "weight": 1000, "maxRequests": { "requests": 2, "per": "1h" } },
                              { "url": "%s", "weight": 1 } ],
                            "ejection": false } ]
                        """.formatted(a.url(), b.url()))) {
            assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(200);

            RawClient.Response response = proxy.raw("PUT /lose HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("b");
        }
    }

    @Test
    void anAnswerBeforeTheRequestIsOutIsTimedFromItsHead() throws Exception {
        Origin.Answer late = exchange -> {
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            exchange.write("HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        };
        try (Origin slow = Origin.answering(late);
                ProxyHarness proxy = ProxyHarness.routing("/", slow);
                RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\nAAAAAAAAAA")
                    .read("POST");

            assertThat(backend(proxy, slow).path("latencyMillis").asDouble()).isGreaterThan(90);
        }
    }

    @Test
    void aBackendStaysDrainedAndKeepsItsNameWhenItsCheckIsEdited() throws Exception {
        try (Origin a = Origin.replying(200, "a");
                Origin b = Origin.replying(200, "b");
                ProxyHarness proxy = both(a, b, "'health': { 'path': '/', 'interval': '5s' }")) {
            proxy.admin("PATCH", "/backends/127.0.0.1:" + a.port(), "{\"state\": \"drain\"}");

            proxy.admin("PATCH", "/routes/both", "{\"health\": {\"interval\": \"6s\"}}");

            assertThat(backend(proxy, a).path("state").asText()).isEqualTo("drain");
        }
    }

    @Test
    void metricsTellOfAnswersThatNobodySaw() throws Exception {
        try (Origin bad = Origin.sending("HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nbad");
                Origin good = Origin.replying(200, "good");
                ProxyHarness proxy = both(bad, good, "'ejection': false, 'retry': { 'statuses': [503] }")) {
            for (int i = 0; i < 4; i++) {
                assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            }

            assertThat(bad.untaken()).hasSize(2);
            await().untilAsserted(() -> assertThat(
                            proxy.admin("GET", "/prometheus", null).body())
                    .containsPattern("portway_backend_requests_total\\{backend=\"127.0.0.1:" + bad.port()
                            + "\"[^}]*5xx[^}]*\\} 2"));
        }
    }

    private static JsonNode backend(ProxyHarness proxy, Origin origin) throws Exception {
        return new ObjectMapper()
                .readTree(proxy.admin("GET", "/backends/127.0.0.1:" + origin.port(), null)
                        .body());
    }

    private static ProxyHarness both(Origin a, Origin b, String members) {
        return ProxyHarness.withRoutes("[ { 'id': 'both', 'targets': ['%s', '%s'], %s } ]"
                .formatted(a.url(), b.url(), members)
                .replace('\'', '"'));
    }
}
