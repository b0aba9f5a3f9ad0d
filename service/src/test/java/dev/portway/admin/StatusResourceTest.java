package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the admin side says of the proxy: state, probes, validation, reload, explanation, and Dropwizard's own pages. */
class StatusResourceTest {

    private static final String BROKEN = """
            {
              "proxy": { "port": 8080 },
              "routes": [ { "id": "web", "hots": "web.localhost", "target": 99999 } ],
              "default": { "target": null }
            }
            """;

    private static final String ROUTES = """
                [ { "id": "web", "host": "web.localhost", "target": "http://localhost:3000/base?k=1" },
                  { "id": "api", "host": "web.localhost", "path": "/api", "methods": ["POST"], "target": 3001 } ]
                """;

    private static AdminHarness admin;

    @BeforeAll
    static void start() throws Exception {
        admin = AdminHarness.routing(ROUTES);
    }

    @BeforeEach
    void startOver() throws Exception {
        admin.startOver(ROUTES);
    }

    @AfterAll
    static void stop() throws Exception {
        admin.close();
    }

    @Test
    void saysHowTheProxyDoes() throws Exception {
        try (AdminHarness own = AdminHarness.routing(ROUTES)) { // counts from the beginning
            own.served("web", 200, 3);
            own.served("web", 200, 4);
            own.served("web", 502, 5);

            JsonNode status = own.get("/status").json();

            assertThat(status.path("version").asText()).isEqualTo("1.2.3");
            assertThat(status.path("uptimeSeconds").asLong()).isEqualTo(3_700);
            assertThat(status.path("listeners")).hasToString("[\"http://localhost:8080\"]");
            assertThat(status.path("routes").asInt()).isEqualTo(2);
            assertThat(status.path("revision").asText())
                    .isEqualTo(own.get("/routes").header("ETag"));
            assertThat(status.at("/lastReload/applied").asBoolean()).isTrue();
            assertThat(status.path("responses").toString())
                    .isEqualTo("{\"1xx\":0,\"2xx\":2,\"3xx\":0,\"4xx\":0,\"5xx\":1}");
        }
    }

    @Test
    void probesAreNeverAboutBackends() throws Exception {
        assertThat(admin.get("/live").status()).isEqualTo(200);
        assertThat(admin.get("/ready").status()).isEqualTo(200);

        admin.ready(false);

        assertThat(admin.get("/live").status()).isEqualTo(200);
        assertThat(admin.get("/ready").status()).isEqualTo(503);
        assertThat(admin.get("/ready").json().path("status").asText()).isEqualTo("starting");
    }

    @Test
    void reloadSaysWhatChanged() throws Exception {
        String text = Files.readString(admin.file());
        Files.writeString(admin.file(), text.replace("\"id\": \"api\"", "\"id\": \"shop\""));

        AdminHarness.Answer answer = admin.send("POST", "/reload", "");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("added").toString()).isEqualTo("[\"shop\"]");
        assertThat(answer.json().path("removed").toString()).isEqualTo("[\"api\"]");
        assertThat(answer.json().path("kept").toString()).isEqualTo("[\"web\"]");
    }

    @Test
    void reloadReportsEveryErrorAndKeepsTheRoutes() throws Exception {
        Files.writeString(admin.file(), BROKEN);

        AdminHarness.Answer answer = admin.send("POST", "/reload", "");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/routes/0/hots", "/routes/0/target");
        assertThat(answer.json().at("/errors/0/line").asInt()).isEqualTo(3);
        assertThat(admin.get("/routes").json()).hasSize(2);
        assertThat(admin.get("/status").json().at("/lastReload/applied").asBoolean())
                .isFalse();
        assertThat(admin.get("/status").json().at("/lastReload/errors")).hasSize(2);
    }

    @Test
    void validatesWithoutChangingAnything() throws Exception {
        JsonNode bad = admin.send("POST", "/validate", BROKEN).json();
        JsonNode good =
                admin.send("POST", "/validate", Files.readString(admin.file())).json();

        assertThat(bad.path("valid").asBoolean()).isFalse();
        assertThat(bad.path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/routes/0/hots", "/routes/0/target");
        assertThat(good.path("valid").asBoolean()).isTrue();
        assertThat(good.path("errors")).isEmpty();
        assertThat(admin.get("/routes").json()).hasSize(2);
    }

    @Test
    void explainsWhichRouteARequestWouldTake() throws Exception {
        JsonNode answer = admin.send("POST", "/explain", "{\"url\": \"http://web.localhost:8080/api/x?q=2\"}")
                .json();

        assertThat(answer.path("route").asText()).isEqualTo("web");
        assertThat(answer.at("/passedOver/0/route").asText()).isEqualTo("api");
        assertThat(answer.at("/passedOver/0/reason").asText()).isEqualTo("method");
        assertThat(answer.at("/destinations/0/url").asText()).isEqualTo("http://localhost:3000/base/api/x?q=2");
        assertThat(answer.at("/destinations/0/candidate").asBoolean()).isTrue();
        assertThat(answer.at("/rules/filter").asBoolean(true)).isFalse();
    }

    @Test
    void explainsByMethodAndAlsoWhereNothingFits() throws Exception {
        JsonNode post = admin.form("POST", "/explain", "url=http://web.localhost/api&method=POST")
                .json();
        JsonNode none = admin.send("POST", "/explain", "{\"url\": \"http://other.localhost/\"}")
                .json();

        assertThat(post.path("route").asText()).isEqualTo("api");
        assertThat(none.path("route").isNull()).isTrue();
        assertThat(none.path("passedOver")).hasSize(2);
        assertThat(none.path("destinations")).isEmpty();
    }

    @Test
    void servesTheMetricsAsPrometheusText() throws Exception {
        admin.served("api", 204, 3);

        AdminHarness.Answer answer = admin.get("/prometheus");

        assertThat(answer.header("Content-Type")).startsWith("text/plain").contains("version=0.0.4");
        assertThat(answer.body()).contains("portway_requests_total{code=\"2xx\",route=\"api\"} 1");
    }

    @ParameterizedTest
    @CsvSource({"/openapi.json, openapi", "/schema/config.json, $schema"})
    void describesItself(String path, String key) throws Exception {
        AdminHarness.Answer answer = admin.get(path);

        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().has(key)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /healthcheck, 200, application/json",
        "GET, /metrics, 200, application/json",
        "GET, /ping, 200, text/plain",
        "GET, /threads, 200, text/plain",
        "POST, /tasks/gc, 200, text/plain",
        "DELETE, /metrics, 405, application/problem+json",
    })
    void leavesDropwizardsPagesToDropwizard(String method, String path, int status, String type) throws Exception {
        AdminHarness.Answer answer = admin.send(method, path, "");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /routes", "GET /", "GET /healthcheck", "GET /metrics", "POST /tasks/gc", "GET /nowhere"})
    void guardsDropwizardsPagesToo(String request) throws Exception {
        RawHttp rebound =
                RawHttp.send(admin.port(), "", request + " HTTP/1.1", "Host: evil.com:8081", "Content-Length: 0");
        RawHttp foreign = RawHttp.send(
                admin.port(),
                "",
                request + " HTTP/1.1",
                "Host: localhost:" + admin.port(),
                "Origin: http://localhost:3000",
                "Content-Length: 0");

        assertThat(rebound.status()).isEqualTo(403);
        assertThat(foreign.status()).isEqualTo(403);
    }

    @Test
    void answersHeadLikeGetWithoutABody() throws Exception {
        AdminHarness.Answer head = admin.send("HEAD", "/routes", "");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("ETag")).isEqualTo(admin.get("/routes").header("ETag"));
        assertThat(head.body()).isEmpty();
    }
}
