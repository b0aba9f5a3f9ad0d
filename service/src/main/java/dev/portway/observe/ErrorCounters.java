package dev.portway.observe;

import com.codahale.metrics.Counter;
import dev.portway.exchange.ProxyError;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A counter for each {@link ProxyError} that has happened. Thread-safe. */
final class ErrorCounters {

    private final MetricScope scope;
    private final AtomicReferenceArray<@Nullable Counter> counters =
            new AtomicReferenceArray<>(ProxyError.values().length);

    ErrorCounters(MetricScope scope) {
        this.scope = scope;
    }

    void count(ProxyError error) {
        Counter counter = counters.get(error.ordinal());
        (counter == null ? add(error) : counter).inc();
    }

    /** How often it has happened. */
    long count(int ordinal) {
        Counter counter = counters.get(ordinal);
        return counter == null ? 0 : counter.getCount();
    }

    private synchronized Counter add(ProxyError error) {
        Counter counter = counters.get(error.ordinal());
        if (counter == null) {
            counter = scope.counter("errors." + ErrorNames.of(error));
            counters.set(error.ordinal(), counter);
        }
        return counter;
    }
}
