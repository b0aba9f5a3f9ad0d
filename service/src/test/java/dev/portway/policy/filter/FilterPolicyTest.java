package dev.portway.policy.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPolicyTest {

    @Test
    void refusesOtherMethodsAndNamesThoseItLetsThrough() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = filtering(origin, "\"methods\": [\"GET\", \"HEAD\"]")) {
            var refused = proxy.raw("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.field("Allow")).isEqualTo("GET, HEAD");
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(origin.take().method()).isEqualTo("GET");
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin",
                "/admin/",
                "/%61dmin",
                "/x/../admin/",
                "/Admin",
                "//admin",
                "/x%2f..%2fadmin",
                "/x/..;/admin",
                "/admin;x=1",
                "/%2561dmin"
            })
    void blocksAPathHoweverItIsWritten(String path) throws Exception {
        try (Origin origin = Origin.replying(200, "secret");
                ProxyHarness proxy = filtering(origin, "\"blockedPaths\": [\"/admin\"]")) {
            var refused = proxy.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(refused.status()).isEqualTo(403);
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void takesTheRulesOfSecurityAndARoutesOwnInTheirPlace() throws Exception {
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy = ProxyHarness.of("""
                        {
                          "proxy": { "port": 0, "admin": { "port": 0 } },
                          "routes": [
                            { "id": "plain", "path": "/plain", "target": "%1$s" },
                            { "id": "own", "path": "/own", "target": "%1$s", "filter": { "blockedPaths": ["/own/x"] } },
                            { "id": "none", "path": "/none", "target": "%1$s", "filter": false }
                          ],
                          "default": { "target": "%1$s" },
                          "logging": { "level": "WARN", "access": false },
                          "security": { "filter": { "methods": ["POST"] } }
                        }
                        """.formatted(origin.url()))) {
            assertThat(proxy.get("/plain").statusCode()).isEqualTo(405);
            assertThat(proxy.get("/fallback").statusCode()).isEqualTo(405);
            assertThat(proxy.get("/own").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/own/x").statusCode()).isEqualTo(403);
            assertThat(proxy.get("/none").statusCode()).isEqualTo(200);
            HttpResponse<String> effective = proxy.admin("GET", "/routes/plain?effective=true", null);
            assertThat(effective.body()).contains("\"POST\"");
        }
    }

    private static ProxyHarness filtering(Origin origin, String rules) {
        return ProxyHarness.withRoutes(
                "[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"filter\": { " + rules + " } }]");
    }
}
