package dev.portway.health;

import static java.util.Objects.requireNonNull;

import com.codahale.metrics.health.HealthCheck;
import dev.portway.routing.ReloadReport;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Unhealthy while the configuration file says something else than what is in force. */
public final class ConfigHealthCheck extends HealthCheck {

    private final Supplier<ReloadReport> lastReload;

    public ConfigHealthCheck(Supplier<ReloadReport> lastReload) {
        this.lastReload = requireNonNull(lastReload, "lastReload");
    }

    @Override
    protected Result check() {
        ReloadReport report = lastReload.get();
        if (report.applied()) {
            return Result.healthy("read %s", report.when());
        }
        String problems = report.problems().stream()
                .map(problem -> problem.pointer() + " " + problem.message())
                .collect(Collectors.joining("; "));
        return Result.unhealthy("the file read %s was refused, the routes before it stay: %s", report.when(), problems);
    }
}
