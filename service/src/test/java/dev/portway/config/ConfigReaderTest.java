package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConfigReaderTest {

    private static final String LIST_FORM = """
            {
              "$schema": "./service/src/main/resources/config.schema.json",
              "proxy": {
                "host": "localhost", "port": 8080,
                "admin":    { "host": "localhost", "port": 8081 },
                "timeouts": { "connect": "2s", "response": "30s" },
                "limits":   { "connections": 10000, "headerBytes": "16KiB", "backendConnections": 512 }
              },
              "routes": [
                { "id": "web.localhost", "host": "web.localhost", "target": 3000 },
                { "id": "api", "host": ["api.localhost", "api.local"], "path": "/v1",
                  "targets": [ { "url": "http://127.0.0.1:3001", "weight": 2 }, "http://127.0.0.1:3002" ],
                  "loadBalancing": "least-latency", "health": { "path": "/health" }, "metadata": { "owner": "team-a" } }
              ],
              "default":  { "target": "http://127.0.0.1:3000" },
              "logging":  { "level": "INFO", "format": "text", "destination": "stdout" },
              "security": { "cors": {}, "rateLimit": {}, "auth": {}, "headers": {} }
            }
            """;

    @Test
    void readsTheListForm() {
        ReadResult result = read(LIST_FORM);

        assertThat(result.problems()).isEmpty();
        PortwayConfig config = result.config();
        assertThat(config).isNotNull();
        assertThat(config.proxy().timeouts()).isEqualTo(TimeoutsConfig.DEFAULT);
        assertThat(config.proxy().limits()).isEqualTo(LimitsConfig.DEFAULT);
        assertThat(config.defaultRoute().target()).isEqualTo(TargetConfig.of(url("127.0.0.1", 3000)));
        assertThat(config.routes())
                .containsExactly(
                        RouteConfig.of(List.of("web.localhost"), "/", List.of(TargetConfig.of(TargetUrl.ofPort(3000)))),
                        new RouteConfig(
                                "api",
                                List.of("api.localhost", "api.local"),
                                "/v1",
                                List.of(),
                                Map.of(),
                                true,
                                Map.of("owner", "team-a"),
                                List.of(
                                        new TargetConfig(url("127.0.0.1", 3001), 2, TargetState.UP),
                                        TargetConfig.of(url("127.0.0.1", 3002))),
                                LoadBalancing.LEAST_LATENCY,
                                new HealthConfig(
                                        "/health",
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(1),
                                        1,
                                        3,
                                        new HealthConfig.StatusRange(200, 399)),
                                RouteTimeoutsConfig.INHERITED,
                                null));
    }

    private static TargetUrl url(String host, int port) {
        return new TargetUrl("http", host, port, "", null);
    }

    private static ReadResult read(String text) {
        return new ConfigReader(name -> null).read(text, ConfigFormat.JSON, Path.of("config.json"));
    }
}
