package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The last changes and taking them back, over HTTP. */
class HistoryResourceTest {

    private static final String WEB = "[{\"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000}]";

    @Test
    void listsAndTakesBack() throws Exception {
        try (AdminHarness admin = AdminHarness.routing(WEB)) {
            String file = Files.readString(admin.file());
            admin.send("POST", "/routes", "{\"id\": \"x\", \"host\": \"x.localhost\", \"target\": 1}");
            admin.send("PATCH", "/routes/web", "{\"target\": 4000, \"metadata\": {\"password\": \"geheim\"}}");

            AdminHarness.Answer history = admin.get("/history");
            AdminHarness.Answer late = admin.send("POST", "/undo", "", "If-Match", "\"x\"");
            AdminHarness.Answer undo = admin.send("POST", "/undo", "", "If-Match", history.header("ETag"));
            AdminHarness.Answer twice = admin.send("POST", "/undo", "");
            String undone = Files.readString(admin.file());
            AdminHarness.Answer redo = admin.send("POST", "/undo?change=3", "");

            assertThat(history.body()).doesNotContain("geheim", "4000");
            assertThat(history.json().get(0).toString())
                    .isEqualTo("{\"number\":2,\"at\":\"2026-03-04T05:06:07Z\",\"by\":null,\"how\":\"patch\","
                            + "\"undoes\":null,\"undoneBy\":null,\"added\":[],\"changed\":[\"web\"],\"removed\":[],"
                            + "\"summary\":\"changed web (metadata, target)\"}");
            assertThat(late.status()).isEqualTo(412);
            assertThat(undo.status()).as(undo.body()).isEqualTo(200);
            assertThat(undo.json().path("undoes").intValue()).isEqualTo(2);
            assertThat(undo.json().path("summary").textValue())
                    .isEqualTo("took back 2: changed web (metadata, target)");
            assertThat(twice.json().path("removed").toString()).isEqualTo("[\"x\"]");
            assertThat(twice.header("ETag")).isNotEqualTo(undo.header("ETag"));
            assertThat(undone).isEqualTo(file);
            assertThat(redo.status()).as(redo.body()).isEqualTo(200);
            assertThat(admin.get("/history").json().get(3).path("undoneBy").isNull())
                    .isTrue();
            assertThat(admin.get("/routes/web").json().path("target").intValue())
                    .isEqualTo(4000);
        }
    }

    @Test
    void keepsNoMoreThanSoMuchOfAChange() throws Exception {
        try (AdminHarness admin = AdminHarness.routing(WEB)) {
            String long1 = "{\"target\": 4000, \"metadata\": {\"note\": \"" + "a".repeat(70_000) + "\"}}";
            assertThat(admin.send("PUT", "/routes/big", long1).status()).isEqualTo(201);
            assertThat(admin.send("PATCH", "/routes/big", "{\"target\": 4001}").status())
                    .isEqualTo(200);

            AdminHarness.Answer tooLarge = admin.send("POST", "/undo", "");

            assertThat(tooLarge.status()).isEqualTo(409);
            assertThat(tooLarge.json().path("detail").textValue()).contains("more than is kept");
            assertThat(admin.send("POST", "/undo?change=1", "").status()).isIn(200, 409);
            assertThat(Files.size(admin.file().resolveSibling(".config.json.portway-history")))
                    .isLessThan(10_000);
        }
    }

    @Test
    void saysWhyNothingIsTakenBack() throws Exception {
        try (AdminHarness admin = AdminHarness.routing(WEB)) {
            AdminHarness.Answer nothing = admin.send("POST", "/undo", "");
            AdminHarness.Answer word = admin.send("POST", "/undo?change=last", "");
            AdminHarness.Answer created = admin.send("POST", "/undo", "", "If-None-Match", "*");
            admin.send("PATCH", "/routes/web", "{\"target\": 4000}");
            String text = Files.readString(admin.file());
            Files.writeString(admin.file(), text.replace("4000", "5000"));
            AdminHarness.Answer changed = admin.send("POST", "/undo", "");
            AdminHarness.Answer byHand = admin.send("POST", "/undo?change=2", "");
            JsonNode history = admin.get("/history").json();

            assertThat(nothing.status()).isEqualTo(404);
            assertThat(nothing.json().path("type").textValue()).isEqualTo("urn:portway:problem:change-not-found");
            assertThat(word.status()).isEqualTo(400);
            assertThat(created.status()).isEqualTo(412);
            assertThat(changed.status()).isEqualTo(409);
            assertThat(changed.json().path("detail").textValue()).contains("\"web\"");
            assertThat(byHand.status()).isEqualTo(409);
            assertThat(history.get(0).path("how").textValue()).isEqualTo("hand");
            assertThat(history.get(0).path("summary").textValue()).isEqualTo("edited by hand: changed web (target)");
        }
    }

    @Test
    void namesTheUserWhoCameWithTheToken() throws Exception {
        try (AdminHarness admin = AdminHarness.guarded("geheim")) {
            String route = "{\"host\": \"x.localhost\", \"target\": 1}";

            admin.send("PUT", "/routes/x", route, "Authorization", "Bearer geheim");
            admin.send("PUT", "/routes/y", route.replace("x", "y"), "Authorization", basic("anna:geheim"));
            AdminHarness.Answer refused = admin.send("DELETE", "/routes/x", "", "Authorization", basic("anna:other"));
            admin.send("POST", "/undo", "", "Authorization", basic("bert:geheim"));
            AdminHarness.Answer history = admin.get("/history", "Authorization", "Bearer geheim");

            assertThat(refused.status()).isEqualTo(401);
            assertThat(history.json().findValues("by").toString()).isEqualTo("[\"bert\", \"anna\", null]");
            assertThat(history.body()).doesNotContain("geheim");
        }
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
