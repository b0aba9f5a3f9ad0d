package dev.portway.health;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.portway.config.HealthConfig;
import dev.portway.upstream.Backend;
import java.io.EOFException;
import java.net.ConnectException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a path and looks at the status, and at the body where that matters. While there is no traffic, the time that a good
 * answer took counts as the backend's latency.
 */
final class HttpCheck implements Check {

    private final Probe probe;
    private final Backend backend;
    private final HealthConfig config;
    private final @Nullable String body; // as the bytes of its UTF-8, one character each
    private volatile long requestsBefore; // by the last run; written by run()

    HttpCheck(Probe probe, Backend backend, HealthConfig config) {
        this.probe = requireNonNull(probe, "probe");
        this.backend = requireNonNull(backend, "backend");
        this.config = requireNonNull(config, "config");
        this.body = config.body() == null ? null : new String(config.body().getBytes(UTF_8), ISO_8859_1);
    }

    @Override
    public CompletableFuture<CheckResult> run() {
        String override = backend.checkPath();
        return probe.ask(backend, config, override == null ? config.path() : override)
                .handle((answer, failure) -> failure == null ? judge(answer) : CheckResult.bad(describe(failure)));
    }

    private CheckResult judge(Probe.Answer answer) {
        long requests = backend.requests();
        boolean idle = requests == requestsBefore;
        requestsBefore = requests;
        if (!config.expect().contains(answer.status())) {
            return CheckResult.bad("answered " + answer.status() + " (expected: " + config.expect() + ")");
        }
        if (body != null && !answer.body().contains(body)) {
            return CheckResult.bad("answered " + answer.status() + " without the expected body");
        }
        if (idle) {
            backend.recordLatency(answer.nanos());
        }
        return CheckResult.good("answers " + answer.status());
    }

    private String describe(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof TimeoutException) {
            return "no answer within " + config.timeout().toMillis() + " ms";
        }
        if (cause instanceof EOFException) {
            return "closed the connection without an answer";
        }
        return cause instanceof ConnectException ? "connection refused" : Failures.describe(cause);
    }
}
