package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a variable holds stays out of what the admin API shows of targets. */
class SecretTargetsTest {

    private static final String URL = "http://localhost:3000/base?key=${PATH_LIKE:-hunter2}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{ 'id': 'web', 'target': '" + URL + "' }]",
                "[{ 'id': 'web', 'targets': ['" + URL + "'] }]",
                "[{ 'id': 'web', 'targets': [{ 'url': '" + URL + "', 'weight': 2 }] }]",
                "{ '/': { 'id': 'web', 'target': '" + URL + "' } }",
                "{ '/': { 'id': 'web', 'targets': [3001, '" + URL + "'] } }"
            })
    void effectiveRoutesShowTheWrittenForm(String routes) throws Exception {
        String variable = variable();
        try (AdminHarness admin = AdminHarness.routing(planted(routes, variable))) {
            AdminHarness.Answer answer = admin.get("/routes/web?effective");

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("key=${" + variable + "}").doesNotContain(System.getenv(variable));
        }
    }

    @Test
    void checksShowTheWrittenForm() throws Exception {
        String variable = variable();
        String routes = """
                [ { "id": "web", "targets": [ { "url": 3000, "health": { "port": 3001 } } ],
                    "health": { "path": "/?key=${V}", "headers": { "Authorization": "key=${V}" }, "body": "key=${V}" } } ]
                """.replace("${V}", "${" + variable + "}");
        try (AdminHarness admin = AdminHarness.routing(routes)) {
            AdminHarness.Answer effective = admin.get("/routes/web?effective");

            assertThat(effective
                            .json()
                            .at("/targets/0/health/headers/Authorization")
                            .asText())
                    .isEqualTo("key=${" + variable + "}");
            assertThat(effective.body()).doesNotContain(System.getenv(variable));
            assertThat(admin.get("/backends").body()).doesNotContain(System.getenv(variable));
        }
    }

    @Test
    void effectiveRoutesShowTargetsWithoutPlaceholdersAsTheyWork() throws Exception {
        try (AdminHarness admin = AdminHarness.routing("{ \"/\": { \"id\": \"web\", \"targets\": [3000, 3001] } }")) {
            AdminHarness.Answer answer = admin.get("/routes/web?effective");

            assertThat(answer.json().at("/targets/1/url").asText()).isEqualTo("http://localhost:3001");
        }
    }

    @Test
    void explainLeavesTheBaseQueryOut() throws Exception {
        String variable = variable();
        String routes = planted("[{ 'id': 'web', 'target': '" + URL + "' }]", variable);
        try (AdminHarness admin = AdminHarness.routing(routes)) {
            AdminHarness.Answer answer = admin.send("POST", "/explain", "{\"url\": \"http://x/a?b=c\"}");

            assertThat(answer.json().at("/destinations/0/url").asText()).isEqualTo("http://localhost:3000/base/a?b=c");
            assertThat(answer.body()).doesNotContain(System.getenv(variable));
        }
    }

    /** One of the environment's own that may stand in a query and is long enough to be told from other text. */
    private static String variable() {
        String found = System.getenv().entrySet().stream()
                .filter(entry ->
                        entry.getKey().matches("[A-Z_]+") && entry.getValue().matches("[A-Za-z0-9/._-]{5,}"))
                .map(entry -> entry.getKey())
                .sorted()
                .findFirst()
                .orElse("");
        assumeThat(found).isNotEmpty();
        return found;
    }

    private static String planted(String routes, String variable) {
        return routes.replace('\'', '"').replace("PATH_LIKE:-hunter2", variable);
    }
}
