package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portway.config.EjectionConfig;
import dev.portway.config.TargetState;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Condition;
import dev.portway.upstream.Standing;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackendsResourceTest {

    private AdminHarness admin;

    @BeforeEach
    void start() throws Exception {
        admin = AdminHarness.routing("""
                [ { "id": "web", "host": "web.localhost", "targets": [3000, "http://[::1]:3001"] },
                  { "id": "old", "host": "old.localhost", "target": 3000, "enabled": false } ]
                """);
    }

    @AfterEach
    void stop() throws Exception {
        admin.close();
    }

    @Test
    void listsThemByIdWithTheRoutesThatUseThem() throws Exception {
        JsonNode backends = admin.get("/backends").json();

        assertThat(backends.findValuesAsText("id")).containsExactly("[::1]:3001", "localhost:3000");
        assertThat(backends.at("/1/url").asText()).isEqualTo("http://localhost:3000");
        assertThat(backends.at("/1/health").asText()).isEqualTo("unknown");
        assertThat(backends.at("/1/routes").toString()).isEqualTo("[\"web\",\"old\"]");
        assertThat(backends.at("/1").has("state")).isFalse();
        assertThat(backends.at("/1").has("latencyMillis")).isFalse();
    }

    @Test
    void showsWhatIsKnownOfABackend() throws Exception {
        Backend backend = backend("localhost:3000");
        target(backend).begin(10);
        backend.recordLatency(1_500_000);
        backend.recordFailure("connection refused", AdminHarness.NOW);
        backend.condition(new Condition(Condition.Health.DOWN, AdminHarness.NOW, "refused 3 times"));

        JsonNode view = admin.get("/backends/localhost:3000").json();

        assertThat(view.path("health").asText()).isEqualTo("down");
        assertThat(view.path("since").asText()).isEqualTo("2026-03-04T05:06:07Z");
        assertThat(view.path("reason").asText()).isEqualTo("refused 3 times");
        assertThat(view.path("inFlight").asInt()).isEqualTo(1);
        assertThat(view.path("failures").asInt()).isEqualTo(1);
        assertThat(view.path("latencyMillis").asDouble()).isEqualTo(1.5);
        assertThat(view.at("/lastError/message").asText()).isEqualTo("connection refused");
    }

    @Test
    void drainsABackendUntilRestartAndSaysSo() throws Exception {
        AdminHarness.Answer answer = admin.send("PATCH", "/backends/localhost:3000", "{\"state\": \"drain\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("state").asText()).isEqualTo("drain");
        assertThat(answer.json().path("note").asText()).contains("until the proxy restarts");
        assertThat(backend("localhost:3000").override()).isEqualTo(TargetState.DRAIN);
    }

    @Test
    void givesTheWordBackToTheConfiguration() throws Exception {
        admin.form("PATCH", "/backends/localhost:3000", "state=down");
        assertThat(backend("localhost:3000").override()).isEqualTo(TargetState.DOWN);

        admin.send("PATCH", "/backends/localhost:3000", "{\"state\": null}");

        assertThat(backend("localhost:3000").override()).isNull();
    }

    @Test
    void showsAStateOfTheFileAsSuch() throws Exception {
        admin.send(
                "PATCH",
                "/routes/web",
                "{\"targets\": [3000, {\"url\": \"http://[::1]:3001\", \"state\": \"drain\"}]}");

        JsonNode backends = admin.get("/backends").json();

        assertThat(backends.at("/0/state").asText()).isEqualTo("drain");
        assertThat(backends.at("/0/stateSource").asText()).isEqualTo("file");
        assertThat(backends.at("/0").has("note")).isFalse();
        assertThat(backends.at("/1").has("state")).isFalse();
    }

    @Test
    void tellsOfTheLastChangeByWhateverItCame() throws Exception {
        Backend backend = backend("localhost:3000");
        assertThat(change().toString()).contains("\"to\":\"in use\",\"by\":\"configuration\"");

        backend.condition(new Condition(Condition.Health.DOWN, AdminHarness.NOW, "refused"));
        assertThat(change().toString())
                .isEqualTo(
                        "{\"to\":\"down\",\"by\":\"health\",\"at\":\"2026-03-04T05:06:07Z\",\"reason\":\"refused\"}");

        backend.condition(new Condition(Condition.Health.UP, AdminHarness.NOW.minusSeconds(60), "answers"));
        admin.send("PATCH", "/backends/localhost:3000", "{\"state\": \"drain\"}");
        assertThat(change().toString()).contains("\"to\":\"drain\",\"by\":\"api\"");
        assertThat(admin.get("/backends/localhost:3000")
                        .json()
                        .path("stateSince")
                        .asText())
                .isEqualTo(AdminHarness.NOW.toString());

        Standing standing = backend.standing(EjectionConfig.DEFAULT);
        for (int i = 0; i < EjectionConfig.DEFAULT.failures() - 1; i++) {
            standing.failed(standing.state(), "answered 500", 0);
        }
        standing.failed(standing.state(), "answered 500", 0);
        assertThat(change().toString())
                .contains("\"to\":\"ejected\",\"by\":\"ejection\"")
                .contains("answered 500");
    }

    @Test
    void tellsWhenTheFileChangedAState() throws Exception {
        admin.send(
                "PATCH",
                "/routes/web",
                "{\"targets\": [3000, {\"url\": \"http://[::1]:3001\", \"state\": \"drain\"}]}");

        JsonNode changed = admin.get("/backends").json().at("/0");

        assertThat(changed.at("/lastChange/to").asText()).isEqualTo("drain");
        assertThat(changed.at("/lastChange/by").asText()).isEqualTo("configuration");
        assertThat(changed.path("stateSince").asText()).isEqualTo(AdminHarness.NOW.toString());
    }

    @Test
    void tellsHowFarASlowStartHasCome() throws Exception {
        admin.close();
        admin = AdminHarness.routing("""
                [ { "id": "web", "targets": [3000, { "url": 3001, "slowStart": "1000h" }] } ]
                """);
        assertThat(admin.get("/backends/localhost:3001").json().has("slowStart"))
                .isFalse();

        admin.send("PATCH", "/backends/localhost:3001", "{\"state\": \"down\"}");
        assertThat(admin.get("/backends/localhost:3001").json().has("slowStart"))
                .isFalse();
        admin.send("PATCH", "/backends/localhost:3001", "{\"state\": null}");

        JsonNode started = admin.get("/backends/localhost:3001").json().path("slowStart");
        assertThat(started.path("share").asDouble()).isEqualTo(0.05);
        assertThat(Instant.parse(started.path("until").asText()))
                .isBetween(AdminHarness.NOW.plus(Duration.ofHours(999)), AdminHarness.NOW.plus(Duration.ofHours(1000)));
        assertThat(admin.get("/").body()).contains("starting: 5 % of its share");
    }

    private JsonNode change() throws Exception {
        return admin.get("/backends/localhost:3000").json().path("lastChange");
    }

    @Test
    void setsThePathOfACheckUntilRestart() throws Exception {
        admin.close();
        admin = AdminHarness.routing("""
                [ { "id": "web", "target": "http://[::1]:3001", "health": { "path": "/health?key=secret" } } ]
                """);
        assertThat(admin.get("/backends/%5B::1%5D:3001")
                        .json()
                        .at("/check/path")
                        .asText())
                .isEqualTo("/health");

        AdminHarness.Answer answer =
                admin.send("PATCH", "/backends/%5B::1%5D:3001", "{\"health\": {\"path\": \"/other\"}}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().at("/check/method").asText()).isEqualTo("GET");
        assertThat(answer.json().at("/check/path").asText()).isEqualTo("/other");
        assertThat(answer.json().at("/check/note").asText()).contains("until the proxy restarts");
        assertThat(backend("[::1]:3001").checkPath()).isEqualTo("/other");
        admin.form("PATCH", "/backends/%5B::1%5D:3001", "health.path=/form");
        assertThat(backend("[::1]:3001").checkPath()).isEqualTo("/form");
        admin.send("PATCH", "/backends/%5B::1%5D:3001", "{\"health\": {\"path\": null}}");
        assertThat(backend("[::1]:3001").checkPath()).isNull();
    }

    @Test
    void changesNothingWhereAnyOfItIsWrong() throws Exception {
        for (String body : new String[] {
            "{}",
            "{\"weight\": 3}",
            "{\"state\": \"drain\", \"health\": {\"path\": \"/x\"}}", // it has no check
            "{\"state\": \"drain\", \"health\": {}}",
            "{\"state\": \"drain\", \"health\": {\"path\": \"x\"}}",
            "{\"state\": \"drain\", \"health\": {\"path\": \"/\", \"fall\": 1}}"
        }) {
            assertThat(admin.send("PATCH", "/backends/localhost:3000", body).status())
                    .as(body)
                    .isEqualTo(422);
        }
        assertThat(backend("localhost:3000").override()).isNull();
    }

    @Test
    void findsAnIpv6BackendByItsEscapedId() throws Exception {
        assertThat(admin.get("/backends/%5B::1%5D:3001").status()).isEqualTo(200);
    }

    @Test
    void knowsNoOtherBackends() throws Exception {
        assertThat(admin.get("/backends/localhost:9").status()).isEqualTo(404);
        assertThat(admin.send("PATCH", "/backends/localhost:9", "{\"state\": \"up\"}")
                        .json()
                        .path("type")
                        .asText())
                .isEqualTo("urn:portway:problem:backend-not-found");
    }

    @Test
    void holdsNoConditionButExistence() throws Exception {
        String body = "{\"state\": \"up\"}";

        assertThat(admin.send("PATCH", "/backends/localhost:3000", body, "If-Match", "\"x\"")
                        .status())
                .isEqualTo(412);
        assertThat(admin.send("PATCH", "/backends/localhost:3000", body, "If-None-Match", "*")
                        .status())
                .isEqualTo(412);
        assertThat(admin.send("PATCH", "/backends/localhost:3000", body, "If-Match", "*")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void routesFollowTheirBackends() throws Exception {
        assertThat(statusOf("web")).isEqualTo("unknown");
        assertThat(statusOf("old")).isEqualTo("disabled");

        backend("localhost:3000").condition(new Condition(Condition.Health.UP, AdminHarness.NOW, "answers"));
        backend("[::1]:3001").condition(new Condition(Condition.Health.DOWN, AdminHarness.NOW, "refused"));
        assertThat(statusOf("web")).isEqualTo("up");

        backend("localhost:3000").override(TargetState.DRAIN);
        assertThat(statusOf("web")).isEqualTo("down");
    }

    private String statusOf(String route) throws Exception {
        return admin.get("/routes/" + route).json().path("status").asText();
    }

    private Target target(Backend backend) {
        return admin.registry().current().routes().stream()
                .flatMap(route -> route.upstream().targets().stream())
                .filter(target -> target.backend() == backend)
                .findFirst()
                .orElseThrow();
    }

    private Backend backend(String id) {
        return admin.backends().backends().stream()
                .filter(backend -> backend.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
