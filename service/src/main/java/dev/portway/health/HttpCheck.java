package dev.portway.health;

import static java.util.Objects.requireNonNull;

import dev.portway.config.HealthConfig;
import dev.portway.upstream.Backend;
import java.net.ConnectException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** Asks for a path and looks at the status. */
final class HttpCheck implements Check {

    private final Probe probe;
    private final Backend backend;
    private final HealthConfig config;

    HttpCheck(Probe probe, Backend backend, HealthConfig config) {
        this.probe = requireNonNull(probe, "probe");
        this.backend = requireNonNull(backend, "backend");
        this.config = requireNonNull(config, "config");
    }

    @Override
    public CompletableFuture<CheckResult> run() {
        return probe.status(backend, config.path(), config.timeout())
                .handle((status, failure) -> failure == null ? judge(status) : CheckResult.bad(describe(failure)));
    }

    private CheckResult judge(int status) {
        return config.expect().contains(status)
                ? CheckResult.good("answers " + status)
                : CheckResult.bad("answered " + status + " (expected: " + config.expect() + ")");
    }

    private String describe(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof TimeoutException) {
            return "no answer within " + config.timeout().toMillis() + " ms";
        }
        return cause instanceof ConnectException ? "connection refused" : Failures.describe(cause);
    }
}
