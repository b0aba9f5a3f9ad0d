package dev.portway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code security} says for all routes, and what of it a route puts something in the place of. */
class SharedRulesTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> RULES =
            List.of("filter", "cors", "rateLimit", "request", "response", "clients", "auth", "rewrite", "compression");

    private static final String EVERY_RULE = """
            "filter": { "maxBody": "1MiB", "response": { "maxHeaders": 50 } },
            "cors": { "origins": ["https://app.example"] },
            "rateLimit": { "requests": 1000, "per": "1h" },
            "clients": { "allow": ["127.0.0.0/8"] },
            "auth": { "apiKey": { "query": "key", "keys": { "ci": "${KEY:-a key of the test}" } } },
            "rewrite": { "pattern": "^/v1(.*)", "to": "$1" },
            "compression": { "minSize": "1B", "codings": ["gzip"] },
            """;

    @Test
    void routesTakeOverWhatTheyDoNotSay() throws Exception {
        try (Origin origin =
                        Origin.sending("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
                ProxyHarness proxy = ProxyHarness.of("""
                        {
                          "proxy": { "port": 0, "admin": { "port": 0 } },
                          "routes": [
                            { "id": "plain", "path": "/plain", "target": "%1$s" },
                            { "id": "own", "path": "/own", "target": "%1$s", "compression": false, "rewrite": false,
                              "request": { "query": { "set": { "a": "1" } } } },
                            { "id": "part", "path": "/part", "target": "%1$s", "rewrite": { "addPrefix": "/p" },
                              "request": { "forwardQuery": true, "method": "PUT" } },
                            { "id": "none", "path": "/none", "target": "%1$s", "request": { "query": false } },
                            { "id": "moved", "path": "/moved", "redirect": { "to": "/x{request.path}" } }
                          ],
                          "default": { "target": null },
                          "logging": { "level": "WARN", "access": false },
                          "security": {
                            "compression": { "minSize": "1B", "codings": ["gzip"] }, "rewrite": { "stripPrefix": true },
                            "request": { "query": { "remove": ["utm"] } }
                          }
                        }
                        """.formatted(origin.url()))) {
            assertThat(get(proxy, "/plain/a?utm=1&b=2").field("Content-Encoding"))
                    .isEqualTo("gzip");
            assertThat(origin.take().requestLine()).isEqualTo("GET /a?b=2 HTTP/1.1");
            assertThat(get(proxy, "/own/a?utm=1").field("Content-Encoding")).isNull();
            assertThat(origin.take().requestLine()).isEqualTo("GET /own/a?utm=1&a=1 HTTP/1.1");
            get(proxy, "/part/a?utm=1&b=2");
            assertThat(origin.take().requestLine()).isEqualTo("PUT /p/part/a?b=2 HTTP/1.1");
            get(proxy, "/none/a?utm=1");
            assertThat(origin.take().requestLine()).isEqualTo("GET /a?utm=1 HTTP/1.1");
            assertThat(get(proxy, "/moved/a").field("Location")).isEqualTo("/x/moved/a");
        }
    }

    @Test
    void everyRuleIsShownAsItIsInForceHoweverItCameThere() throws Exception {
        String shared = EVERY_RULE
                + "\"request\": { \"forwardQuery\": false }, \"headers\": { \"response\": { \"remove\": [\"Server\"] } }";
        String own = EVERY_RULE
                + "\"request\": { \"forwardQuery\": false }, \"response\": { \"headers\": { \"remove\": [\"Server\"] } }";
        JsonNode inherited = shown("{ \"id\": \"a\", \"target\": 3000 }", shared);
        JsonNode said = shown("{ \"id\": \"a\", \"target\": 3000, " + own + " }", "");
        JsonNode off = shown(
                "{ \"id\": \"a\", \"target\": 3000, \"request\": false, \"response\": false, \"filter\": false, \"cors\": false,"
                        + " \"rateLimit\": false, \"clients\": false, \"auth\": false, \"rewrite\": false, \"compression\": false }",
                shared);
        JsonNode nothing = shown("{ \"id\": \"a\", \"target\": 3000 }", "");

        for (String rule : RULES) {
            assertThat(inherited.path(rule)).as(rule).isEqualTo(said.path(rule)).isNotEqualTo(nothing.path(rule));
            assertThat(off.path(rule)).as(rule).isEqualTo(nothing.path(rule));
        }
    }

    /** What {@code ?effective=true} and {@code /explain} say of the one route, which is the same. */
    private static JsonNode shown(String route, String security) throws Exception {
        try (ProxyHarness proxy = ProxyHarness.of("""
                {
                  "proxy": { "port": 0, "admin": { "port": 0 } }, "routes": [%s], "default": { "target": null },
                  "logging": { "level": "WARN", "access": false }, "security": { %s }
                }
                """.formatted(route, security))) {
            JsonNode effective = MAPPER.readTree(
                    proxy.admin("GET", "/routes/a?effective=true", null).body());
            JsonNode explained = MAPPER.readTree(proxy.admin("POST", "/explain", "{ \"url\": \"http://a/\" }")
                            .body())
                    .path("rules");
            for (String rule : RULES) {
                assertThat(explained.path(rule)).as(rule).isEqualTo(effective.path(rule));
            }
            return explained;
        }
    }

    private static RawClient.Response get(ProxyHarness proxy, String target) throws Exception {
        return proxy.raw("GET " + target + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    }
}
