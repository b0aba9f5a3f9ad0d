package dev.portway.observe;

import static java.util.Objects.requireNonNull;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.exchange.LostAttempt;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Standing;
import java.util.Map;

/** What is counted of one backend's traffic. Thread-safe. */
final class BackendMetrics {

    private final MetricScope scope;
    private final Backend backend;
    private final Map<StatusClass, Counter> requests;
    private final DurationTimer time;
    private final ErrorCounters errors;

    BackendMetrics(MetricScope scope, Backend backend) {
        this.scope = scope;
        this.backend = backend;
        this.requests = StatusClass.map(status -> scope.counter("requests." + status.label()));
        this.time = scope.timer("time");
        this.errors = new ErrorCounters(scope);
        scope.gauge("in-flight", (Gauge<Integer>) backend::inFlight);
        scope.gauge("available", (Gauge<Integer>) () -> backend.available() ? 1 : 0);
        scope.gauge("ejected", (Gauge<Integer>) () -> ejected(backend));
        scope.gauge("ejections", (Gauge<Long>) backend::ejections);
    }

    void record(ExchangeRecord exchange) {
        if (exchange.backendNanos() >= 0) {
            time.record(exchange.backendNanos());
            counter(StatusClass.of(exchange.status())).inc();
        }
        if (exchange.error() != null) {
            errors.count(exchange.error());
        }
    }

    /** Counts what the client did not see, since another backend answered. */
    void record(LostAttempt lost) {
        if (lost.status() != 0) {
            counter(StatusClass.of(lost.status())).inc();
        }
        if (lost.error() != null) {
            errors.count(lost.error());
        }
    }

    /** 1 while its requests fail so much that it gets none, else 0. */
    static int ejected(Backend backend) {
        Standing.State state = backend.ejection();
        return state != null && state.phase() == Standing.Phase.EJECTED ? 1 : 0;
    }

    void remove() {
        scope.remove();
    }

    Backend backend() {
        return backend;
    }

    long requests(StatusClass status) {
        return counter(status).getCount();
    }

    ErrorCounters errors() {
        return errors;
    }

    DurationHistogram time() {
        return time.histogram();
    }

    private Counter counter(StatusClass status) {
        return requireNonNull(requests.get(status)); // the map is total
    }
}
