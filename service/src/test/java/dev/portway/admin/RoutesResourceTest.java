package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesResourceTest {

    private static final String ROUTES =
            "[\n    { \"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000 }\n  ]";

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
    void listsRoutesAsTheFileHasThem() throws Exception {
        AdminHarness.Answer answer = admin.get("/routes");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json())
                .isEqualTo(json("[{'id': 'web', 'host': 'web.localhost', 'target': 3000, 'source': 'file',"
                        + " 'status': 'unknown'}]"));
    }

    @Test
    void addsARouteToTheFile() throws Exception {
        AdminHarness.Answer answer = admin.send("POST", "/routes", "{\"host\": \"api.local\", \"target\": 3001}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.header("Location")).endsWith("/routes/api.local");
        assertThat(answer.json().path("id").asText()).isEqualTo("api.local");
        assertThat(admin.get("/routes/api.local").header("ETag")).isEqualTo(answer.header("ETag"));
        assertThat(Files.readString(admin.file())).contains("api.local");
        assertThat(admin.registry().current().route("api.local")).isPresent();
    }

    @Test
    void addsSeveralRoutesAllOrNone() throws Exception {
        AdminHarness.Answer refused = admin.send(
                "POST",
                "/routes",
                "[{\"host\": \"a.local\", \"target\": 1}, {\"host\": \"b.local\", \"target\": 99999}]");
        AdminHarness.Answer added = admin.send(
                "POST", "/routes", "[{\"host\": \"a.local\", \"target\": 1}, {\"host\": \"b.local\", \"target\": 2}]");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        assertThat(added.json()).hasSize(2);
        assertThat(added.header("Location")).endsWith("/routes");
        assertThat(admin.get("/routes").json()).hasSize(3);
    }

    @Test
    void takesAFormFromAShell() throws Exception {
        AdminHarness.Answer answer = admin.form(
                "POST", "/routes", "id=api&host=api.local&host=api.localhost&path=/v1&targets=3001&health.path=%2Fup");

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.json())
                .isEqualTo(
                        json("{'id': 'api', 'host': ['api.local', 'api.localhost'], 'path': '/v1', 'targets': [3001],"
                                + " 'health': {'path': '/up'}, 'source': 'file', 'status': 'unknown'}"));
    }

    @Test
    void takesJsonThatPlainCurlSendsAsAForm() throws Exception {
        AdminHarness.Answer answer = admin.form("POST", "/routes", "{\"host\": \"api.local\", \"target\": 3001}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void reportsEveryErrorWithItsPointer() throws Exception {
        AdminHarness.Answer answer =
                admin.send("POST", "/routes", "{\"hots\": \"api.local\", \"target\": 99999, \"enabled\": \"yes\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("errors").findValuesAsText("pointer")).hasSize(3);
        assertThat(answer.json().path("errors").findValuesAsText("message")).allMatch(message -> !message.isEmpty());
    }

    @Test
    void refusesAnIdThatIsTaken() throws Exception {
        AdminHarness.Answer answer =
                admin.send("POST", "/routes", "{\"id\": \"web\", \"host\": \"other.local\", \"target\": 3001}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:portway:problem:conflict");
    }

    @Test
    void putCreatesThenReplacesThenChangesNothing() throws Exception {
        String body = "{\"host\": \"api.local\", \"target\": 3001}";

        AdminHarness.Answer created = admin.send("PUT", "/routes/api", body);
        AdminHarness.Answer same = admin.send("PUT", "/routes/api", body);
        AdminHarness.Answer replaced = admin.send("PUT", "/routes/api", "{\"host\": \"api.local\", \"target\": 3002}");

        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.header("Location")).endsWith("/routes/api");
        assertThat(same.status()).isEqualTo(200);
        assertThat(same.header("ETag")).isEqualTo(created.header("ETag"));
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.header("ETag")).isNotEqualTo(created.header("ETag"));
    }

    @Test
    void takesBackWhatItGave() throws Exception {
        String before = Files.readString(admin.file());

        AdminHarness.Answer answer =
                admin.send("PUT", "/routes/web", admin.get("/routes/web").body());

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(Files.readString(admin.file())).isEqualTo(before);
    }

    @Test
    void patchMerges() throws Exception {
        AdminHarness.Answer answer = admin.send(
                "PATCH",
                "/routes/web",
                "{\"target\": 3009, \"metadata\": {\"owner\": \"a\"}}",
                "Content-Type",
                "application/merge-patch+json");
        AdminHarness.Answer removed = admin.send("PATCH", "/routes/web", "{\"metadata\": null}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().at("/metadata/owner").asText()).isEqualTo("a");
        assertThat(removed.json().has("metadata")).isFalse();
        assertThat(removed.json().path("target").asInt()).isEqualTo(3009);
    }

    @Test
    void deleteRemoves() throws Exception {
        AdminHarness.Answer answer = admin.send("DELETE", "/routes/web", "");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(admin.get("/routes/web").status()).isEqualTo(404);
        assertThat(admin.send("DELETE", "/routes/web", "").status()).isEqualTo(404);
        assertThat(admin.send("PATCH", "/routes/web", "{\"target\": 1}").status())
                .isEqualTo(404);
    }

    @Test
    void honoursConditionsOnEveryWrite() throws Exception {
        String etag = admin.get("/routes/web").header("ETag");
        String body = "{\"host\": \"web.localhost\", \"target\": 3005}";

        assertThat(admin.send("PUT", "/routes/web", body, "If-Match", "\"stale\"")
                        .status())
                .isEqualTo(412);
        assertThat(admin.send("PATCH", "/routes/web", body, "If-Match", "W/" + etag)
                        .status())
                .isEqualTo(412);
        assertThat(admin.send("DELETE", "/routes/web", "", "If-Match", "\"stale\"")
                        .status())
                .isEqualTo(412);
        assertThat(admin.send("PUT", "/routes/web", body, "If-None-Match", "*").status())
                .isEqualTo(412);
        assertThat(admin.send("POST", "/routes", "{\"host\": \"b\", \"target\": 1}", "If-Match", "\"stale\"")
                        .status())
                .isEqualTo(412);
        assertThat(admin.send("PUT", "/routes/new", "{\"host\": \"n\", \"target\": 1}", "If-Match", "*")
                        .status())
                .isIn(404, 412);
        assertThat(admin.send("PUT", "/routes/new", "{\"host\": \"n\", \"target\": 1}", "If-None-Match", "*")
                        .status())
                .isEqualTo(201);
        assertThat(admin.send("PUT", "/routes/web", body, "If-Match", "\"x\", " + etag)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void listTagChangesWithEveryWriteAndGuardsAdding() throws Exception {
        String revision = admin.get("/routes").header("ETag");
        String body = "{\"host\": \"api.local\", \"target\": 3001}";

        assertThat(admin.send("POST", "/routes", body, "If-Match", revision).status())
                .isEqualTo(201);

        assertThat(admin.get("/routes").header("ETag")).isNotEqualTo(revision);
        assertThat(admin.get("/status").json().path("revision").asText())
                .isEqualTo(admin.get("/routes").header("ETag"));
    }

    @Test
    void answersNotModified() throws Exception {
        AdminHarness.Answer route = admin.get("/routes/web");
        AdminHarness.Answer list = admin.get("/routes");

        AdminHarness.Answer again = admin.get("/routes/web", "If-None-Match", route.header("ETag"));

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.header("ETag")).isEqualTo(route.header("ETag"));
        assertThat(admin.get("/routes", "If-None-Match", list.header("ETag")).status())
                .isEqualTo(304);
        assertThat(admin.get("/routes/web", "If-None-Match", "\"other\"").status())
                .isEqualTo(200);
        assertThat(admin.get("/routes/web", "If-Match", "\"other\"").status()).isEqualTo(412);
    }

    @Test
    void showsTheEffectiveRoute() throws Exception {
        JsonNode route = admin.get("/routes/web?effective=true").json();

        assertThat(route.at("/path").asText()).isEqualTo("/");
        assertThat(route.at("/host/0").asText()).isEqualTo("web.localhost");
        assertThat(route.at("/targets/0/url").asText()).isEqualTo("http://localhost:3000");
        assertThat(route.at("/targets/0/hostHeader").asText()).isEqualTo("preserve");
        assertThat(route.at("/timeouts/response").asText()).isEqualTo("30s");
        assertThat(route.at("/timeouts/stream").asText()).isEqualTo("5m");
        assertThat(route.at("/timeouts/request").asText()).isEqualTo("none");
        assertThat(route.at("/health").isNull()).isTrue();
        assertThat(admin.get("/routes/web?effective=maybe").status()).isEqualTo(400);
        assertThat(admin.get("/routes/nix?effective=true").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}"})
    void saysOnceWhatIsWrongAndWhereInTheBody(String routes) throws Exception {
        try (AdminHarness other = AdminHarness.routing(routes)) {
            AdminHarness.Answer noTarget = other.send("POST", "/routes", "{\"host\": \"b\", \"target\": \"nope\"}");
            AdminHarness.Answer noHost = other.send("POST", "/routes", "{\"host\": \"a b\", \"target\": 1}");

            assertThat(noTarget.json().path("detail").asText())
                    .isEqualTo("/target: \"nope\" has no scheme (expected: a URL such as \"http://localhost:3000\")");
            assertThat(noTarget.json().at("/errors/0/pointer").asText()).isEqualTo("/target");
            assertThat(noHost.json().path("detail").asText()).startsWith("/host: \"a b\" ");
            assertThat(noHost.json().path("detail").asText()).containsOnlyOnce("a b");
        }
    }

    @Test
    void saysOnceWhichIdIsNotThatOfTheRoute() throws Exception {
        AdminHarness.Answer answer = admin.send("PUT", "/routes/web", "{\"id\": \"other\", \"target\": 1}");

        assertThat(answer.json().path("detail").asText())
                .isEqualTo("/id: \"other\" is not the id of this route (expected: \"web\", or none)");
    }

    @Test
    void saysWhereABrokenFileIsBroken() throws Exception {
        Files.writeString(admin.file(), "{ \"proxy\": { \"port\": 8080 },\n  \"routes\": [ }");

        AdminHarness.Answer answer = admin.send("POST", "/routes", "{\"host\": \"b\", \"target\": 1}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:portway:problem:file-broken");
        assertThat(answer.json().path("detail").asText()).contains("line 2");
        assertThat(answer.json().at("/errors/0/line").asInt()).isEqualTo(2);
    }

    @Test
    void answersOptionsAndRefusesWhatIsNotAcceptable() throws Exception {
        assertThat(admin.send("OPTIONS", "/routes", "").header("Allow")).contains("GET", "POST");
        assertThat(admin.send("PUT", "/routes", "{}").header("Allow")).contains("GET", "POST");
        AdminHarness.Answer xml = admin.get("/routes", "Accept", "application/xml");
        assertThat(xml.status()).isEqualTo(406);
        assertThat(xml.header("Content-Type")).isEqualTo("application/problem+json");
    }

    private static JsonNode json(String text) throws Exception {
        return WireFormat.MAPPER.readTree(text.replace('\'', '"'));
    }
}
