package dev.portway.observe;

import com.codahale.metrics.Counter;
import dev.portway.exchange.ProxyError;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;

/** A counter for each {@link ProxyError} that has happened. Thread-safe. */
final class ErrorCounters {

    private final MetricScope scope;
    private final ConcurrentHashMap<ProxyError, Counter> counters = new ConcurrentHashMap<>();

    ErrorCounters(MetricScope scope) {
        this.scope = scope;
    }

    void count(ProxyError error) {
        Counter counter = counters.get(error);
        if (counter == null) {
            counter = counters.computeIfAbsent(error, absent -> scope.counter("errors." + ErrorNames.of(absent)));
        }
        counter.inc();
    }

    /** Those that have happened, and how often. */
    void forEach(ObjLongConsumer<ProxyError> action) {
        counters.forEach((error, counter) -> action.accept(error, counter.getCount()));
    }
}
