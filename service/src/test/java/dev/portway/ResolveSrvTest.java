package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A target whose name is a service's is a backend for each of its SRV records (behaviour 84). */
final class ResolveSrvTest {

    private static final Duration SOON = Duration.ofSeconds(30); // names are asked for each five seconds
    private static final String SERVICE = "_http._tcp.app.test";

    private final NameServer dns = NameServer.start();
    private final Origin first = Origin.replying(200, "one");
    private final Origin second = Origin.replying(200, "two");

    @AfterEach
    void stop() {
        first.close();
        second.close();
        dns.close();
    }

    @Test
    void sendsRequestsToPortsAndByWeightsOfTheRecords() throws Exception {
        says(record(0, 30, first, "a.test"), record(0, 10, second, "b.test"));
        try (ProxyHarness proxy = proxy()) {

            assertThat(answers(proxy, 8)).containsExactlyInAnyOrderEntriesOf(Map.of("one", 6, "two", 2));

            assertThat(first.take().field("Host")).isEqualTo("app.test");
            assertThat(backends(proxy).findValuesAsText("id"))
                    .containsExactlyInAnyOrder("a.test:" + first.port(), "b.test:" + second.port());
            assertThat(backends(proxy).findValuesAsText("resolvedFrom")).containsOnly("app.test");
        }
    }

    @Test
    void asksNoneButTheServersOfTheLowestPriority() throws Exception {
        says(record(20, 100, first, "a.test"), record(10, 0, second, "b.test"));
        try (ProxyHarness proxy = proxy()) {

            assertThat(answers(proxy, 4)).isEqualTo(Map.of("two", 4));
        }
    }

    @Test
    void followsTheRecords() throws Exception {
        says(record(0, 1, first, "a.test"));
        try (ProxyHarness proxy = proxy()) {
            assertThat(answers(proxy, 2)).isEqualTo(Map.of("one", 2));

            says(record(0, 1, first, "a.test"), record(0, 1, second, "a.test"));

            await().atMost(SOON).until(() -> answers(proxy, 4).equals(Map.of("one", 2, "two", 2)));
        }
    }

    @Test
    void keepsTheServersWhileAskingFails() throws Exception {
        says(record(0, 1, first, "a.test"), record(0, 1, second, "b.test"));
        try (ProxyHarness proxy = proxy()) {
            answers(proxy, 2);

            dns.fail(true);
            int asked = dns.asked();
            await().atMost(SOON).until(() -> dns.asked() > asked + 1);

            assertThat(answers(proxy, 4)).isEqualTo(Map.of("one", 2, "two", 2));
        }
    }

    @Test
    void answersWithTheNamesErrorWhereNothingIsKnown() throws Exception {
        try (ProxyHarness proxy = proxy()) {

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.headers().firstValue("Proxy-Status")).contains("portway; error=dns_error");
            assertThat(answer.body()).contains(SERVICE);
        }
    }

    @Test
    void startsAndServesOtherRoutesWhileTheServerSaysNothing() throws Exception {
        dns.fallSilent();
        try (ProxyHarness proxy =
                ProxyHarness.with("\"dns\": \"" + dns.address() + "\"", """
                [ { "id": "service", "path": "/service", "targets": [ { "url": "http://%s", "resolve": "srv" } ] },
                  { "id": "other", "target": "%s" } ]
                """.formatted(SERVICE, first.url()))) {

            assertThat(proxy.get("/").body()).isEqualTo("one");
        }
    }

    @Test
    void knowsServersOverTlsByTheDomainOfTheService() throws Exception {
        try (JettyOrigin origin = JettyOrigin.tls(TestCertificates.EXAMPLE, JettyOrigin.Answer.text("hello"))) {
            dns.says("_https._tcp.app.example", "SRV", "0 0 " + origin.port() + " a.test.")
                    .says("a.test", "A", "127.0.0.1");
            try (ProxyHarness proxy = proxy("https://_https._tcp.app.example")) {

                assertThat(proxy.get("/").body()).isEqualTo("hello");

                JettyOrigin.Received request = origin.take();
                assertThat(request.serverName()).isEqualTo("app.example");
                assertThat(request.authority()).isEqualTo("app.example");
            }
        }
    }

    private void says(String... records) {
        dns.says(SERVICE, "SRV", records).says("a.test", "A", "127.0.0.1").says("b.test", "A", "127.0.0.1");
    }

    private static String record(int priority, int weight, Origin origin, String host) {
        return priority + " " + weight + " " + origin.port() + " " + host + ".";
    }

    private ProxyHarness proxy() {
        return proxy("http://" + SERVICE);
    }

    private ProxyHarness proxy(String url) {
        return ProxyHarness.with("\"dns\": \"" + dns.address() + "\"", """
                [ { "id": "service", "hostHeader": "target", "loadBalancing": "round-robin",
                    "targets": [ { "url": "%s", "resolve": "srv"%s } ] } ]
                """.formatted(
                url, url.startsWith("https") ? ", \"tls\": { \"ca\": \"" + TestCertificates.authority() + "\" }" : ""));
    }

    /** How often each came to so many requests. */
    private static Map<String, Integer> answers(ProxyHarness proxy, int requests) throws Exception {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            answers.merge(proxy.get("/").body(), 1, Integer::sum);
        }
        return answers;
    }

    private static JsonNode backends(ProxyHarness proxy) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", "/backends", null).body());
    }
}
