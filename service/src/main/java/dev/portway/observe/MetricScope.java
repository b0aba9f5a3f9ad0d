package dev.portway.observe;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.List;

/** Metrics whose names begin alike, and which go together. Thread-safe. */
final class MetricScope {

    private final MetricRegistry registry;
    private final CoarseClock clock;
    private final String prefix;
    private final List<String> names = new ArrayList<>(); // guarded by this
    private boolean removed; // guarded by this

    MetricScope(MetricRegistry registry, CoarseClock clock, String prefix) {
        this.registry = registry;
        this.clock = clock;
        this.prefix = prefix;
    }

    Counter counter(String name) {
        return register(name, new Counter());
    }

    DurationTimer timer(String name) {
        return register(name, new DurationTimer(clock));
    }

    void gauge(String name, Gauge<?> gauge) {
        register(name, gauge);
    }

    /** Takes them all out of the registry; what is asked for later counts for nobody. */
    synchronized void remove() {
        removed = true;
        names.forEach(registry::remove);
        names.clear();
    }

    private synchronized <M extends Metric> M register(String name, M metric) {
        if (!removed) {
            String full = prefix + "." + name;
            registry.register(full, metric);
            names.add(full);
        }
        return metric;
    }
}
