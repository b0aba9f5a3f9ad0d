package dev.portway.health;

import static java.util.Objects.requireNonNull;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheckRegistry;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Condition;
import java.util.HashMap;
import java.util.Map;

/**
 * Shows each backend in use among Dropwizard's health checks, as {@code backend.ID}. Running one looks at nothing; it
 * tells what is known. Thread-safe.
 */
public final class BackendHealthChecks implements RouteTableListener {

    private final HealthCheckRegistry registry;
    private Map<String, Backend> shown = Map.of(); // guarded by this

    public BackendHealthChecks(HealthCheckRegistry registry) {
        this.registry = requireNonNull(registry, "registry");
    }

    @Override
    public synchronized void tableChanged(RouteTable table) {
        Map<String, Backend> used = new HashMap<>();
        for (Backend backend : BackendsInUse.of(table)) {
            used.put(backend.id(), backend);
        }
        shown.forEach((id, backend) -> {
            if (used.get(id) != backend) {
                registry.unregister(nameOf(id));
            }
        });
        used.forEach((id, backend) -> {
            if (shown.get(id) != backend) {
                registry.register(nameOf(id), new BackendHealthCheck(backend));
            }
        });
        shown = used;
    }

    private static String nameOf(String id) {
        return "backend." + id;
    }

    private static final class BackendHealthCheck extends HealthCheck {

        private final Backend backend;

        BackendHealthCheck(Backend backend) {
            this.backend = backend;
        }

        @Override
        protected Result check() {
            Condition condition = backend.condition();
            String reason = condition.reason() == null ? "not looked at yet" : condition.reason();
            return switch (condition.health()) {
                case UNKNOWN, UP -> Result.healthy("%s", reason);
                case DOWN -> Result.unhealthy("%s since %s", reason, condition.since());
            };
        }
    }
}
