package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.upstream.Backend;
import dev.portway.upstream.Condition;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class HealthPageTest {

    private static final String WEB = "[{\"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000}]";

    @Test
    void showsRoutesBackendsAndCounts() throws Exception {
        try (var admin = AdminHarness.routing(WEB)) {
            for (int i = 0; i < 1_234; i++) {
                admin.served("web", 200, 2);
            }
            admin.served("web", 502, 2);

            String page = admin.get("/").body();

            assertThat(page).contains("<a href=\"http://web.localhost:8080/\" rel=\"noreferrer\">web.localhost</a>");
            assertThat(page).contains("http://localhost:3000", "1,234", "1,235", "1.2.3, up for 1 h 1 min");
            assertThat(page).contains("class=\"number bad\">1</td>");
        }
    }

    @Test
    void allowsNothingButItsOwnStyleAndScript() throws Exception {
        try (var admin = AdminHarness.routing(WEB)) {
            AdminHarness.Answer answer = admin.get("/", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

            assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
            assertThat(answer.header("Content-Security-Policy"))
                    .contains(
                            "default-src 'none'", "style-src 'sha256-", "script-src 'sha256-", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "*");
            assertThat(answer.body()).doesNotContain(" style=", " onclick=", "src=\"http");
        }
    }

    @Test
    void escapesWhateverComesFromOutside() throws Exception {
        try (var admin = AdminHarness.routing(WEB)) {
            Backend backend = admin.backends().backends().get(0);
            backend.recordFailure("<script>alert('x')</script>&\"\u0007", AdminHarness.NOW);
            backend.condition(new Condition(Condition.Health.DOWN, AdminHarness.NOW, "<img src=x>"));

            String page = admin.get("/").body();

            assertThat(page)
                    .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\uFFFD", "&lt;img src=x&gt;");
            assertThat(page).doesNotContain("<script>alert", "<img");
        }
    }

    @Test
    void putsTheErrorsOfTheLastReloadFirst() throws Exception {
        try (var admin = AdminHarness.routing(WEB)) {
            Files.writeString(admin.file(), "{ \"proxy\": { \"port\": 8080 }, \"routes\": [], \"defalt\": {} }");
            admin.registry().reload();

            String page = admin.get("/").body();

            assertThat(page).contains("The configuration file has errors", "/defalt", "did you mean", "verdict down");
            assertThat(page).contains("web.localhost");
        }
    }

    @Test
    void saysWhichRouteCannotBeServedAndWhichBackendIsDown() throws Exception {
        try (var admin =
                AdminHarness.routing("[{\"id\": \"web\", \"host\": \"web.localhost\", \"targets\": [3000, 3001]}]")) {
            Condition down = new Condition(Condition.Health.DOWN, AdminHarness.NOW, "refused");
            backend(admin, "localhost:3000").condition(down);
            String one = admin.get("/").body();
            backend(admin, "localhost:3001").condition(down);
            String both = admin.get("/").body();

            assertThat(one).contains("verdict warn", "Backend localhost:3000 is down.");
            assertThat(both).contains("verdict down", "Route web cannot be served.");
        }
    }

    @Test
    void showsHowToAddTheFirstRoute() throws Exception {
        try (var admin = AdminHarness.routing("[]")) {
            String page = admin.get("/").body();

            assertThat(page).contains("curl localhost:8081/routes -d host=web.localhost -d target=3000");
            assertThat(page).contains("Ready for the first route.");
        }
    }

    @Test
    void saysTheSameAsStatusToPrograms() throws Exception {
        try (var admin = AdminHarness.routing(WEB)) {
            AdminHarness.Answer answer = admin.get("/", "Accept", "application/json");

            assertThat(answer.header("Content-Type")).startsWith("application/json");
            assertThat(answer.json()).isEqualTo(admin.get("/status").json());
            assertThat(admin.get("/", "Accept", "image/png").status()).isEqualTo(406);
            assertThat(admin.get("/", "Accept", "*/*").header("Content-Type")).startsWith("text/html");
        }
    }

    private static Backend backend(AdminHarness admin, String id) {
        return admin.backends().backends().stream()
                .filter(backend -> backend.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
