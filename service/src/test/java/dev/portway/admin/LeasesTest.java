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

/** Leases over HTTP. */
class LeasesTest {

    private static final String ROUTE = "{\"host\": \"app.localhost\", \"target\": 4000}";

    private static final String ROUTES = "[ { \"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000 } ]";

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
    void givesALeaseAndShowsIt() throws Exception {
        String file = Files.readString(admin.file());

        AdminHarness.Answer given = admin.send("PUT", "/routes/app?ttl=30s&owner=vite", ROUTE);
        JsonNode listed = admin.get("/routes").json();
        AdminHarness.Answer shown = admin.get("/routes/app");

        assertThat(given.status()).as(given.body()).isEqualTo(201);
        assertThat(given.header("Location")).endsWith("/routes/app");
        assertThat(given.json().toString())
                .isEqualTo("{\"id\":\"app\",\"host\":\"app.localhost\",\"target\":4000,\"source\":\"lease\","
                        + "\"status\":\"unknown\",\"lease\":{\"owner\":\"vite\",\"ttl\":\"30s\","
                        + "\"expires\":\"2026-03-04T05:06:37Z\",\"secondsLeft\":30}}");
        assertThat(shown.json()).isEqualTo(given.json());
        assertThat(shown.header("ETag")).isEqualTo(given.header("ETag"));
        assertThat(listed.get(1)).isEqualTo(given.json());
        assertThat(Files.readString(admin.file())).isEqualTo(file);
    }

    @Test
    void saysElsewhereWhoseItIs() throws Exception {
        admin.send("PUT", "/routes/app?ttl=30s&owner=vite", ROUTE);

        JsonNode status = admin.get("/status").json();
        JsonNode leased =
                admin.form("POST", "/explain", "url=http://app.localhost/").json();
        JsonNode ofFile =
                admin.form("POST", "/explain", "url=http://web.localhost/").json();
        String page = admin.get("/").body();

        String lease = "{\"route\":\"app\",\"owner\":\"vite\",\"expires\":\"2026-03-04T05:06:37Z\",\"secondsLeft\":30}";
        assertThat(status.path("leases")).hasToString("[" + lease + "]");
        assertThat(leased.path("lease")).hasToString(lease);
        assertThat(ofFile.has("lease")).isFalse();
        assertThat(page).contains("leased", "by vite, for another 30 s");
    }

    @Test
    void saysThatTheFileLeftItNoRoom() throws Exception {
        admin.send("PUT", "/routes/app?ttl=30s&owner=vite", ROUTE);
        admin.send("PUT", "/routes/api?ttl=30s", ROUTE.replace("app", "api"));
        String text = Files.readString(admin.file());
        Files.writeString(
                admin.file(),
                text.replace("\"web\"", "\"app\"")
                        .replace("\"web.localhost\"", "[\"web.localhost\", \"api.localhost\"]"));

        JsonNode reload = admin.send("POST", "/reload", "").json();
        String page = admin.get("/").body();

        assertThat(reload.path("leasesDropped"))
                .hasToString("[{\"id\":\"app\",\"owner\":\"vite\",\"reason\":\"the file has a route of that id\"},"
                        + "{\"id\":\"api\",\"owner\":null,"
                        + "\"reason\":\"the route \\\"app\\\" takes all requests to its host and path\"}]");
        assertThat(page).contains("The lease on app of vite ended: the file has a route of that id.");
    }

    @Test
    void renewsIt() throws Exception {
        admin.send("PUT", "/routes/app?ttl=30s&owner=vite", ROUTE);

        AdminHarness.Answer renewed = admin.send("POST", "/routes/app/renew?owner=vite&ttl=1m", "");
        AdminHarness.Answer unknown = admin.send("POST", "/routes/other/renew?owner=vite", "");
        AdminHarness.Answer ofFile = admin.send("POST", "/routes/web/renew", "");
        AdminHarness.Answer withBody = admin.form("POST", "/routes/app/renew", "ttl=1m");

        assertThat(renewed.status()).as(renewed.body()).isEqualTo(200);
        assertThat(renewed.json().at("/lease/secondsLeft").intValue()).isEqualTo(60);
        assertThat(renewed.header("ETag")).isEqualTo(admin.get("/routes/app").header("ETag"));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().path("type").textValue()).isEqualTo("urn:portway:problem:lease-not-found");
        assertThat(ofFile.status()).isEqualTo(409);
        assertThat(withBody.status()).isEqualTo(400);
    }

    @Test
    void namesTheOtherOwner() throws Exception {
        admin.send("PUT", "/routes/app?ttl=30s&owner=vite", ROUTE);

        AdminHarness.Answer other = admin.send("PUT", "/routes/app?ttl=30s&owner=next", ROUTE);
        AdminHarness.Answer nobody = admin.send("POST", "/routes/app/renew", "");
        AdminHarness.Answer durable = admin.send("PUT", "/routes/app", ROUTE);
        AdminHarness.Answer removal = admin.send("DELETE", "/routes/app?owner=next", "");

        for (AdminHarness.Answer answer : new AdminHarness.Answer[] {other, nobody, durable, removal}) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(409);
            assertThat(answer.json().path("type").textValue()).isEqualTo("urn:portway:problem:leased");
            assertThat(answer.json().path("detail").textValue()).contains("leased by \"vite\"");
        }
    }

    @Test
    void endsIt() throws Exception {
        admin.send("PUT", "/routes/app?ttl=30s&owner=vite", ROUTE);

        AdminHarness.Answer ofFile = admin.send("DELETE", "/routes/web?owner=vite", "");
        AdminHarness.Answer ended = admin.send("DELETE", "/routes/app?owner=vite", "");
        AdminHarness.Answer again = admin.send("DELETE", "/routes/app?owner=vite", "");

        assertThat(ofFile.status()).isEqualTo(409);
        assertThat(ended.status()).isEqualTo(204);
        assertThat(again.status()).isEqualTo(404);
        assertThat(admin.get("/routes").json()).hasSize(1);
    }

    /** Owners keep tools apart, not people out. */
    @Test
    void aPersonEndsAnybodysAndItsOwnerLearnsThat() throws Exception {
        admin.send("PUT", "/routes/app?ttl=30s&owner=vite", ROUTE);

        AdminHarness.Answer ended = admin.send("DELETE", "/routes/app", "");
        AdminHarness.Answer renewal = admin.send("POST", "/routes/app/renew?owner=vite", "");
        AdminHarness.Answer again = admin.send("PUT", "/routes/app?ttl=30s&owner=vite", ROUTE);

        assertThat(ended.status()).isEqualTo(204);
        assertThat(renewal.status()).isEqualTo(404);
        assertThat(renewal.json().path("detail").textValue())
                .contains("was ended")
                .contains("PUT it again");
        assertThat(again.status()).isEqualTo(201);
    }

    @Test
    void honoursPreconditions() throws Exception {
        String etag = admin.send("PUT", "/routes/app?ttl=30s", ROUTE, "If-None-Match", "*")
                .header("ETag");

        AdminHarness.Answer exists = admin.send("PUT", "/routes/app?ttl=30s", ROUTE, "If-None-Match", "*");
        AdminHarness.Answer matches = admin.send("PUT", "/routes/app?ttl=30s", ROUTE, "If-Match", etag);
        AdminHarness.Answer other = admin.send("DELETE", "/routes/app", "", "If-Match", "\"x\"");

        assertThat(etag).isNotEmpty();
        assertThat(exists.status()).isEqualTo(412);
        assertThat(matches.status()).isEqualTo(200);
        assertThat(other.status()).isEqualTo(412);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ttl=",
                "ttl=30",
                "ttl=999ms",
                "ttl=25h",
                "ttl=forever",
                "ttl=30s&ttl=40s",
                "ttl=30s&owner=",
                "ttl=30s&owner=a%0Ab"
            })
    void saysWhatALeaseMayBe(String query) throws Exception {
        AdminHarness.Answer answer = admin.send("PUT", "/routes/app?" + query, ROUTE);

        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.json().path("type").textValue()).isEqualTo("urn:portway:problem:invalid-lease");
        assertThat(answer.json().path("detail").textValue()).contains("expected:");
    }

    @Test
    void takesBackWhatItShowed() throws Exception {
        String shown = admin.send("PUT", "/routes/app?ttl=30s", ROUTE).body();

        AdminHarness.Answer again = admin.send("PUT", "/routes/app?ttl=40s", shown);

        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.json().at("/lease/ttl").textValue()).isEqualTo("40s");
        assertThat(again.json().at("/lease/owner").isNull()).isTrue();
    }
}
