package dev.portway.health;

import static dev.portway.health.Tables.http;
import static dev.portway.health.Tables.only;
import static dev.portway.health.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheckRegistry;
import dev.portway.config.Problem;
import dev.portway.routing.ReloadReport;
import dev.portway.upstream.Condition;
import dev.portway.upstream.Condition.Health;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthChecksTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final HealthCheckRegistry registry = new HealthCheckRegistry();
    private final Tables tables = new Tables();

    @Test
    void tellsWhatIsKnownOfEachBackend() {
        var table = tables.of(route("web", http("192.0.2.1", 80)));
        new BackendHealthChecks(registry).tableChanged(table);
        assertThat(registry.runHealthCheck("backend.192.0.2.1:80").isHealthy()).isTrue();

        only(table).condition(new Condition(Health.DOWN, NOON, "answered 100% wrong"));

        var result = registry.runHealthCheck("backend.192.0.2.1:80");
        assertThat(result.isHealthy()).isFalse();
        assertThat(result.getMessage()).isEqualTo("answered 100% wrong since 2026-01-01T12:00:00Z");
    }

    @Test
    void followsTheTable() {
        var checks = new BackendHealthChecks(registry);
        checks.tableChanged(tables.of(route("a", http("192.0.2.1", 80)), route("b", http("192.0.2.2", 80))));

        checks.tableChanged(tables.of(route("b", http("192.0.2.2", 80)), route("c", http("192.0.2.3", 80))));

        assertThat(registry.getNames()).containsExactlyInAnyOrder("backend.192.0.2.2:80", "backend.192.0.2.3:80");
    }

    @Test
    void isUnhealthyWhileTheFileIsRefused() {
        var problem = new Problem(Problem.Severity.ERROR, "/proxy/port", "\"x\"", "expected a number", 2, 5);
        var refused = new ReloadReport(
                NOON, false, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(problem));

        var result = new ConfigHealthCheck(() -> refused).execute();

        assertThat(result.isHealthy()).isFalse();
        assertThat(result.getMessage()).contains("/proxy/port expected a number");
    }

    @Test
    void isHealthyWhenTheFileIsInForce() {
        var applied = new ReloadReport(
                NOON, true, List.of("web"), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

        assertThat(new ConfigHealthCheck(() -> applied).execute().isHealthy()).isTrue();
    }
}
