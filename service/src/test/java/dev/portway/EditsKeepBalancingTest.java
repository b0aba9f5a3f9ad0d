package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What balancing has learned outlives edits that do not concern it, through the whole proxy. */
final class EditsKeepBalancingTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final AtomicInteger PORT = new AtomicInteger(2_000);
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"another route", "its own metadata", "a reload"})
    void keepsAveragesCountsAndEjections(String edit) throws Exception {
        try (Origin a = Origin.replying(200, "a");
                Origin b = Origin.replying(500, "b");
                ProxyHarness proxy = balancing(a, b, "round-robin")) {
            Awaitility.await().until(() -> {
                proxy.raw(GET);
                return backend(proxy, b).has("ejection");
            });
            JsonNode good = backend(proxy, a);
            JsonNode bad = backend(proxy, b);

            make(edit, proxy);

            assertThat(backend(proxy, a).path("latencyMillis")).isEqualTo(good.path("latencyMillis"));
            assertThat(backend(proxy, a).path("requests")).isEqualTo(good.path("requests"));
            assertThat(backend(proxy, a).path("since")).isEqualTo(good.path("since"));
            assertThat(backend(proxy, b)).isEqualTo(bad);
            assertThat(proxy.raw(GET).text()).isEqualTo("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"another route", "its own metadata", "a reload"})
    void keepsTheTurn(String edit) throws Exception {
        try (Origin a = Origin.replying(200, "a");
                Origin b = Origin.replying(200, "b");
                ProxyHarness proxy = balancing(a, b, "round-robin")) {
            List<String> answers = new ArrayList<>();

            for (int i = 0; i < 6; i++) {
                answers.add(proxy.raw(GET).text());
                make(edit, proxy);
            }

            String first = answers.get(0);
            String second = answers.get(1);
            assertThat(first).isNotEqualTo(second);
            assertThat(answers).containsExactly(first, second, first, second, first, second);
        }
    }

    @Test
    void keepsAPersonsWordOnABackend() throws Exception {
        try (Origin a = Origin.replying(200, "a");
                Origin b = Origin.replying(200, "b");
                ProxyHarness proxy = balancing(a, b, "least-latency")) {
            proxy.admin("PATCH", "/backends/" + id(b), "{ \"state\": \"drain\" }");

            make("another route", proxy);
            make("its own metadata", proxy);

            for (int i = 0; i < 5; i++) {
                assertThat(proxy.raw(GET).text()).isEqualTo("a");
            }
            assertThat(backend(proxy, b).path("state").asText()).isEqualTo("drain");
        }
    }

    private static void make(String edit, ProxyHarness proxy) throws Exception {
        int status = switch (edit) {
            case "another route" ->
                proxy.admin("PUT", "/routes/other", "{ \"path\": \"/o\", \"target\": " + port() + " }")
                        .statusCode();
            case "its own metadata" ->
                proxy.admin("PATCH", "/routes/both", "{ \"metadata\": { \"at\": " + port() + " } }")
                        .statusCode();
            default -> proxy.admin("POST", "/reload", null).statusCode();
        };
        assertThat(status).isBetween(200, 201);
    }

    /** Another one each time, so that every edit is one. */
    private static int port() {
        return PORT.getAndIncrement();
    }

    private static JsonNode backend(ProxyHarness proxy, Origin origin) throws Exception {
        return MAPPER.readTree(
                proxy.admin("GET", "/backends/" + id(origin), null).body());
    }

    private static String id(Origin origin) {
        return origin.url().replace("http://", "");
    }

    private static ProxyHarness balancing(Origin a, Origin b, String strategy) {
        return ProxyHarness.withRoutes("""
                [ { "id": "both", "targets": [ "%s", "%s" ], "loadBalancing": "%s",
                    "ejection": { "failures": 2, "time": "1h", "maxTime": "1h" } } ]
                """.formatted(a.url(), b.url(), strategy));
    }
}
