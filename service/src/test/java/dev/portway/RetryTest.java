package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.client.BytesRequestContent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that fail at one backend and are sent to another, through the whole proxy (behaviours 78 to 82). */
final class RetryTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String NO_EJECTION = "'ejection': false";

    private Origin bad;
    private Origin good;

    @BeforeEach
    void start() {
        good = echoing();
        bad = Origin.answering(exchange -> {
            exchange.readBody();
            throw new IOException("breaks off");
        });
    }

    @AfterEach
    void stop() {
        good.close();
        bad.close();
    }

    @ParameterizedTest
    @CsvSource({"GET, 0", "POST, 5", "POST, 300000", "PUT, 65536"})
    void sendsToAnotherWhatTookNoByte(String method, int length) throws Exception {
        try (ProxyHarness proxy = routing("'ejection': false")) {
            bad.close();

            for (int i = 0; i < 4; i++) {
                RawClient.Response response = proxy.raw(request(method, length));

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.text()).isEqualTo("good " + length);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1m, 200", "10ms, 502"})
    void beginsNoAttemptAfterTheTimeForThat(String within, int status) throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        Origin.Answer firstBreaksOff = exchange -> {
            if (requests.getAndIncrement() == 0) {
                Held.until(late);
                throw new IOException("breaks off");
            }
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };
        bad.then(firstBreaksOff);
        good.then(firstBreaksOff);
        try (ProxyHarness proxy = routing(NO_EJECTION + ", 'retry': { 'within': '" + within + "' }");
                RawClient client = proxy.connect()) {
            client.send(GET);
            await().until(() -> inFlight(proxy) == 1);
            long asked = System.nanoTime();
            await().until(() -> System.nanoTime() - asked > TimeUnit.MILLISECONDS.toNanos(20));
            late.countDown();

            assertThat(client.read().status()).isEqualTo(status);
        }
    }

    @Test
    void findsTheOneThatListensAmongMany() throws Exception {
        List<Origin> killed = new ArrayList<>();
        StringBuilder targets = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            killed.add(echoing());
            targets.append("'").append(killed.get(i).url()).append("', ");
        }
        try (ProxyHarness proxy = routes("[ { 'id': 'many', 'ejection': false, 'targets': [" + targets + "'"
                + good.url() + "'], 'health': { 'path': '/', 'interval': '1h' } } ]")) {
            killed.forEach(Origin::close);

            assertThat(proxy.raw(GET).text()).isEqualTo("good 0");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 0", "PUT, 5", "PUT, 65536", "DELETE, 0"})
    void sendsAgainWhatCanBeSentTwice(String method, int length) throws Exception {
        try (ProxyHarness proxy = routing(NO_EJECTION)) {
            for (int i = 0; i < 4; i++) {
                RawClient.Response response = proxy.raw(request(method, length));

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.text()).isEqualTo("good " + length);
            }
            assertThat(bad.untaken()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, 5", "PATCH, 5", "PUT, 65537", "PUT, 300000"})
    void sendsNoOtherTwice(String method, int length) throws Exception {
        try (ProxyHarness proxy = routing(NO_EJECTION)) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(proxy.raw(request(method, length)).status());
            }

            assertThat(statuses).containsOnly(200, 502);
            assertThat(bad.untaken().size() + good.untaken().size()).isEqualTo(4);
        }
    }

    @Test
    void sendsNothingTwiceWhereTheRouteSaysSo() throws Exception {
        try (ProxyHarness proxy = routing(NO_EJECTION + ", 'retry': false")) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(proxy.raw(GET).status());
            }

            assertThat(statuses).containsOnly(200, 502);
        }
    }

    @Test
    void passesNothingOnOfAnAnswerThatIsUnwelcome() throws Exception { // behaviour 80
        bad.thenSending("HTTP/1.1 503 No\r\nX-Stale: yes\r\nSet-Cookie: a=b\r\nContent-Length: 3\r\n\r\nbad");
        try (ProxyHarness proxy = routing(NO_EJECTION + ", 'retry': { 'statuses': ['502-504'] }")) {
            for (int i = 0; i < 4; i++) {
                RawClient.Response response = proxy.raw(request("PUT", 7));

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.text()).isEqualTo("good 7");
                assertThat(response.all("X-Stale")).isEmpty();
                assertThat(response.all("Set-Cookie")).isEmpty();
            }
        }
    }

    @Test
    void passesTheLastAnswerOnWhereAllAreUnwelcome() throws Exception { // behaviour 80
        bad.thenSending("HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nbad");
        good.thenSending("HTTP/1.1 503 No\r\nX-Last: yes\r\nContent-Length: 4\r\n\r\nlast");
        try (ProxyHarness proxy = routing(NO_EJECTION + ", 'retry': { 'statuses': [503] }")) {
            RawClient.Response response = proxy.raw(GET);

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.text()).isIn("bad", "last");
            assertThat(bad.untaken()).hasSize(1);
            assertThat(good.untaken()).hasSize(1);
        }
    }

    @Test
    void doesNotSendAPostAgainForItsStatus() throws Exception { // behaviour 79
        bad.thenSending("HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nbad");
        try (ProxyHarness proxy = routing(NO_EJECTION + ", 'retry': { 'statuses': [503] }")) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(proxy.raw(request("POST", 5)).status());
            }

            assertThat(statuses).containsOnly(200, 503);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void triesAgainWhatIsNotAnsweredInTimeWhereTheRouteSaysSo(boolean timeouts) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        bad.then(exchange -> Held.until(end));
        try (ProxyHarness proxy = routing(
                NO_EJECTION + ", 'timeouts': { 'response': '100ms' }, 'retry': { 'timeouts': " + timeouts + " }")) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(proxy.raw(GET).status());
            }

            if (timeouts) {
                assertThat(statuses).containsOnly(200);
            } else {
                assertThat(statuses).containsOnly(200, 504);
            }
        } finally {
            end.countDown();
        }
    }

    @Test
    void asksEachBackendOnceAndNoMoreThanTheRouteSays() throws Exception { // behaviour 81
        List<Origin> origins = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            origins.add(Origin.answering(exchange -> {
                throw new IOException("breaks off");
            }));
        }
        String targets = origins.stream()
                .map(origin -> "'" + origin.url() + "'")
                .toList()
                .toString();
        try (ProxyHarness proxy =
                routes("[ { 'targets': " + targets + ", 'retry': { 'attempts': 4 }, 'ejection': false } ]")) {
            assertThat(proxy.raw(GET).status()).isEqualTo(502);

            assertThat(origins).extracting(origin -> origin.untaken().size()).containsOnly(0, 1);
            assertThat(origins.stream()
                            .mapToInt(origin -> origin.untaken().size())
                            .sum())
                    .isEqualTo(4);
        } finally {
            origins.forEach(Origin::close);
        }
    }

    @Test
    void answersAtOnceWhenAllAreDownAndRecoversByItself() throws Exception { // behaviour 82
        try (ProxyHarness proxy = routing("'ejection': false")) {
            int port = good.port();
            good.close();
            bad.close();

            assertThat(proxy.raw(GET).status()).isEqualTo(502);
            try (Origin back = Origin.on("127.0.0.1", port, exchange -> exchange.write("HTTP/1.1 204 No\r\n\r\n"))) {
                assertThat(proxy.raw(GET).status()).isEqualTo(204);
                assertThat(back.untaken()).hasSize(1);
            }
        }
    }

    @Test
    void spendsItsBudgetOnlyOnWhatABackendMayHaveWorkedOn() throws Exception {
        try (ProxyHarness proxy = routing(NO_EJECTION + ", 'retry': { 'budget': 0 }")) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(proxy.raw(GET).status());
            }
            assertThat(statuses).containsOnly(200, 502);

            bad.close();
            for (int i = 0; i < 4; i++) {
                assertThat(proxy.raw(GET).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void tellsOfAttemptsInTheMetricsAndOfFailuresAtTheirBackends() throws Exception {
        try (ProxyHarness proxy = routing(NO_EJECTION)) {
            for (int i = 0; i < 4; i++) {
                proxy.raw(GET);
            }

            int failed = bad.untaken().size();
            await().untilAsserted(() -> assertThat(
                            proxy.admin("GET", "/prometheus", null).body())
                    .contains("portway_retries_total{route=\"both\"} " + failed + ".0"));
            JsonNode backend = new ObjectMapper()
                    .readTree(proxy.admin("GET", "/backends/127.0.0.1:" + bad.port(), null)
                            .body());
            assertThat(backend.path("failures").asInt()).isEqualTo(failed).isPositive();
            assertThat(backend.at("/lastError/message").asText()).contains("closed the connection before");
        }
    }

    @Test
    void ejectsABackendWhoseFailuresNobodySees() throws Exception {
        try (ProxyHarness proxy = routing("'ejection': { 'failures': 3, 'time': '1h', 'maxTime': '1h' }")) {
            for (int i = 0; i < 20; i++) {
                assertThat(proxy.raw(GET).status()).isEqualTo(200);
            }

            assertThat(bad.untaken()).hasSize(3);
        }
    }

    @Test
    void triesNoOtherWhenTheClientHasLeft() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Origin.Answer silent = exchange -> {
            asked.countDown();
            Held.until(end);
        };
        good.then(silent);
        bad.then(silent);
        try (ProxyHarness proxy = routing(NO_EJECTION)) {
            try (RawClient client = proxy.connect()) {
                client.send(GET);
                Held.until(asked);
            }
            await().until(() -> inFlight(proxy) == 0);

            assertThat(good.untaken().size() + bad.untaken().size()).isEqualTo(1);
        } finally {
            end.countDown();
        }
    }

    @Test
    void sendsAgainWhatAnHttp2ClientSent() throws Exception {
        try (ProxyHarness proxy = routing(NO_EJECTION);
                Http2Client client = Http2Client.to(proxy.proxy())) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/").getContentAsString()).isEqualTo("good 0");
                assertThat(client.request("/")
                                .method("PUT")
                                .body(new BytesRequestContent(new byte[20_000]))
                                .send()
                                .getContentAsString())
                        .isEqualTo("good 20000");
            }
            assertThat(bad.untaken()).isNotEmpty();
        }
    }

    /** The client leaves at the moment at which the first try breaks off; whatever comes first, nothing stays behind. */
    @ParameterizedTest
    @ValueSource(strings = {GET, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcde"})
    void leavesNothingBehindWhereTheClientLeavesBetweenTwoTries(String request) throws Exception {
        try (ProxyHarness proxy = routing(NO_EJECTION + ", 'retry': { 'budget': 100 }")) {
            for (int round = 0; round < 100; round++) {
                try (RawClient client = proxy.connect()) {
                    CountDownLatch asked = new CountDownLatch(1);
                    bad.then(exchange -> {
                        exchange.readBody();
                        asked.countDown();
                        throw new IOException("breaks off");
                    });
                    good.then(exchange -> {
                        exchange.readBody();
                        asked.countDown();
                        exchange.write("HTTP/1.1 204 No\r\n\r\n");
                    });
                    client.send(request);
                    Held.until(asked);
                }
            }
            await().until(() -> inFlight(proxy) == 0);
            good.then(exchange -> exchange.write("HTTP/1.1 204 No\r\n\r\n"));
            assertThat(proxy.raw(GET).status()).isEqualTo(204);
        }
    }

    private ProxyHarness routing(String more) {
        return routes("[ { 'id': 'both', 'targets': ['" + bad.url() + "', '" + good.url() + "'], " + more + " } ]");
    }

    private static ProxyHarness routes(String routes) {
        return ProxyHarness.withRoutes(routes.replace('\'', '"'));
    }

    private static Origin echoing() {
        return Origin.answering(exchange -> {
            String text = "good " + exchange.readBody().length;
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
        });
    }

    private static String request(String method, int length) {
        return method + " / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length);
    }

    private static int inFlight(ProxyHarness proxy) throws Exception {
        int inFlight = 0;
        for (JsonNode backend : new ObjectMapper()
                .readTree(proxy.admin("GET", "/backends", null).body())) {
            inFlight += backend.path("inFlight").asInt();
        }
        return inFlight;
    }
}
