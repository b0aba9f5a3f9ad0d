package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a target is willing to take, through the whole proxy. */
final class BackendLimitsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private Origin a;
    private Origin b;

    @BeforeEach
    void start() {
        a = Origin.replying(200, "a");
        b = Origin.replying(200, "b");
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    @Test
    void sendsOnlyAsManyAtOnceAsATargetTakes() throws Exception { // behaviour 77
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        for (Origin origin : List.of(a, b)) {
            origin.then(exchange -> {
                begun.countDown();
                Held.until(end);
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
            });
        }
        try (ProxyHarness proxy = targets("{ 'url': 'A', 'maxConcurrent': 1 }, { 'url': 'B', 'maxConcurrent': 1 }");
                RawClient one = proxy.connect();
                RawClient two = proxy.connect()) {
            one.send(GET);
            two.send(GET);
            Held.until(begun);

            RawClient.Response refused = proxy.raw(GET);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("Retry-After")).isEqualTo("1");
            assertThat(refused.field("Proxy-Status")).isEqualTo("portway; error=connection_limit_reached");
            assertThat(refused.text()).contains("each target of the route has as many requests as it may have");
            end.countDown();
            assertThat(one.read().text()).isEqualTo("slow");
            assertThat(two.read().text()).isEqualTo("slow");
            assertThat(proxy.raw(GET).status()).isEqualTo(200);
        }
    }

    @Test
    void sendsToAnotherWhatATargetDoesNotTake() throws Exception { // behaviour 77
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        a.then(exchange -> {
            begun.countDown();
            Held.until(end);
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        });
        try (ProxyHarness proxy = targets("{ 'url': 'A', 'weight': 1000, 'maxConcurrent': 1 }, 'B'");
                RawClient one = proxy.connect()) {
            one.send(GET);
            Held.until(begun);

            assertThat(answers(proxy, 10)).containsOnly("b");

            end.countDown();
            assertThat(one.read().text()).isEqualTo("slow");
            assertThat(answers(proxy, 10)).contains("slow");
        }
    }

    @Test
    void sendsOnlyAsManyInASpanAsATargetTakesAndSaysWhenItTakesMore() throws Exception {
        try (ProxyHarness proxy = targets("{ 'url': 'A', 'maxRequests': { 'requests': 3, 'per': '1h' } }, 'B'")) {
            List<String> answers = answers(proxy, 20);

            assertThat(Collections.frequency(answers, "a")).isEqualTo(3);
            assertThat(Collections.frequency(answers, "b")).isEqualTo(17);
        }
        try (ProxyHarness proxy = targets("{ 'url': 'A', 'maxRequests': { 'requests': 3, 'per': '1h' } }")) {
            answers(proxy, 3);

            RawClient.Response refused = proxy.raw(GET);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(Integer.parseInt(refused.field("Retry-After"))).isBetween(3_500, 3_600);
            assertThat(refused.text()).contains("has had its 3 requests", "raise maxRequests");
        }
    }

    @Test
    void countsOnWhenAnotherRouteIsEdited() throws Exception {
        try (ProxyHarness proxy = targets("{ 'url': 'A', 'maxRequests': { 'requests': 3, 'per': '1h' } }")) {
            answers(proxy, 3);

            assertThat(proxy.admin("PUT", "/routes/other", "{ \"path\": \"/other\", \"target\": 3000 }")
                            .statusCode())
                    .isEqualTo(201);
            assertThat(proxy.admin("PATCH", "/routes/limited", "{ \"metadata\": { \"owner\": \"me\" } }")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(proxy.admin("PATCH", "/routes/limited", "{ \"loadBalancing\": \"random\" }")
                            .statusCode())
                    .isEqualTo(200);

            assertThat(proxy.raw(GET).status()).isEqualTo(503);
        }
    }

    @Test
    void tellsATargetThatIsFullFromOneThatIsTakenOut() throws Exception {
        try (ProxyHarness proxy = targets("{ 'url': 'A', 'state': 'drain' }, { 'url': 'B', 'state': 'down' }")) {
            RawClient.Response refused = proxy.raw(GET);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("Retry-After")).isEqualTo("1");
            assertThat(refused.field("Proxy-Status")).isEqualTo("portway; error=destination_unavailable");
            assertThat(refused.text()).contains("every target of the route is drained or set down");
        }
    }

    private ProxyHarness targets(String targets) {
        return ProxyHarness.withRoutes(("[ { 'id': 'limited', 'targets': [" + targets + "] } ]")
                .replace("'A'", '"' + a.url() + '"')
                .replace("'B'", '"' + b.url() + '"')
                .replace('\'', '"'));
    }

    private static List<String> answers(ProxyHarness proxy, int count) throws IOException {
        List<String> answers = new ArrayList<>();
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < count; i++) {
                answers.add(client.send(GET).read().text());
            }
        }
        return answers;
    }
}
