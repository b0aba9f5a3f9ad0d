package dev.portway.observe;

import static java.util.Objects.requireNonNull;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.exchange.LostAttempt;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import dev.portway.upstream.Backend;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts traffic by route, by backend and by status, in a Dropwizard registry; {@code docs/metrics.md} names it all. A
 * route's metrics come into being with its first request and go when the route goes. Thread-safe, without locks on the
 * request path.
 */
public final class ProxyMetrics implements RouteTableListener {

    private static final String PREFIX = "portway";

    private final MetricRegistry registry;
    private final CoarseClock clock = new CoarseClock();
    private final Map<StatusClass, DurationTimer> byStatus;
    private final LongAdder inFlight = new LongAdder();
    private final RouteMetrics unrouted;
    private final ConcurrentHashMap<String, RouteMetrics> routes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, BackendMetrics> backends = new ConcurrentHashMap<>();
    private final List<Reading> readings = new CopyOnWriteArrayList<>();
    private volatile Known known = new Known(Set.of(), Map.of()); // written by tableChanged(), read by any thread

    public ProxyMetrics(MetricRegistry registry) {
        this.registry = requireNonNull(registry, "registry");
        MetricScope whole = new MetricScope(registry, clock, PREFIX);
        this.byStatus = StatusClass.map(status -> whole.timer("requests." + status.label()));
        whole.gauge("in-flight", (Gauge<Long>) this::inFlight);
        this.unrouted = new RouteMetrics(new MetricScope(registry, clock, PREFIX + ".unrouted"));
    }

    /** Notes that a request came in; exactly one {@link #record} must follow. */
    public void begin() {
        inFlight.increment();
    }

    /** Notes that a request took this route; its {@link #record} must name the same. */
    public void routed(String routeId) {
        RouteMetrics metrics = route(routeId);
        if (metrics != null) {
            metrics.begin();
        }
    }

    /** Counts fields of a response that were put right for this route. */
    public void repaired(String routeId, int fields) {
        RouteMetrics metrics = route(routeId);
        if (metrics != null) {
            metrics.repaired(fields);
        }
    }

    /** Counts a finished exchange. Returns at once, from any thread. */
    public void record(ExchangeRecord exchange) {
        clock.refresh();
        inFlight.decrement();
        timer(StatusClass.of(exchange.status())).record(exchange.totalNanos());
        RouteMetrics route = exchange.routeId() == null ? unrouted : route(exchange.routeId());
        if (route != null) {
            route.record(exchange);
        }
        BackendMetrics backend = exchange.backendId() == null ? null : backend(exchange.backendId());
        if (backend != null) {
            backend.record(exchange);
        }
        for (LostAttempt lost : exchange.lost()) {
            BackendMetrics loser = backend(lost.backendId());
            if (loser != null) {
                loser.record(lost);
            }
        }
    }

    /** Counts of all traffic since the start. */
    public TrafficTotals totals() {
        return new TrafficTotals(
                requests(StatusClass.INFORMATIONAL),
                requests(StatusClass.SUCCESS),
                requests(StatusClass.REDIRECTION),
                requests(StatusClass.CLIENT_ERROR),
                requests(StatusClass.SERVER_ERROR),
                requests(StatusClass.OTHER),
                inFlight());
    }

    /** Counts of one route's traffic; empty until its first request. */
    public Optional<RouteTotals> totals(String routeId) {
        return Optional.ofNullable(routes.get(routeId)).map(RouteTotals::of);
    }

    /**
     * Publishes a value that goes up and down, read when somebody asks.
     *
     * @param name behind {@code portway.}, words parted by dots and dashes: {@code connections.open}
     * @param help one sentence for Prometheus
     */
    public void gauge(String name, String help, LongSupplier value) {
        publish(new Reading(name, help, false, value));
    }

    /** Publishes a count that only goes up; as {@link #gauge} otherwise. */
    public void count(String name, String help, LongSupplier value) {
        publish(new Reading(name, help, true, value));
    }

    @Override
    public void tableChanged(RouteTable table) {
        Known next = Known.of(table);
        known = next;
        routes.forEach((id, metrics) -> {
            if (!next.routes().contains(id)) {
                drop(id, metrics);
            }
        });
        backends.forEach((id, metrics) -> {
            if (next.backends().get(id) != metrics.backend()) {
                drop(id, metrics);
            }
        });
    }

    Map<String, RouteMetrics> routes() {
        return routes;
    }

    Map<String, BackendMetrics> backends() {
        return backends;
    }

    /** Those of the table in force, with or without traffic, by id. */
    Map<String, Backend> knownBackends() {
        return known.backends();
    }

    RouteMetrics unrouted() {
        return unrouted;
    }

    List<Reading> readings() {
        return readings;
    }

    long inFlight() {
        return Math.max(0, inFlight.sum());
    }

    long requests(StatusClass status) {
        return timer(status).getCount();
    }

    private DurationTimer timer(StatusClass status) {
        return requireNonNull(byStatus.get(status)); // the map is total
    }

    private void publish(Reading reading) {
        registry.register(PREFIX + "." + reading.name(), (Gauge<Long>) reading.value()::getAsLong);
        readings.add(reading);
    }

    /** Null if the route is gone, which requests begun before may outlive. */
    private @Nullable RouteMetrics route(String id) {
        RouteMetrics metrics = routes.get(id);
        if (metrics != null || !known.routes().contains(id)) {
            return metrics;
        }
        RouteMetrics added = routes.computeIfAbsent(
                id, absent -> new RouteMetrics(new MetricScope(registry, clock, PREFIX + ".route." + absent)));
        if (!known.routes().contains(id)) { // the table changed meanwhile, and did not see these
            drop(id, added);
        }
        return added;
    }

    private @Nullable BackendMetrics backend(String id) {
        BackendMetrics metrics = backends.get(id);
        Backend backend = metrics == null ? known.backends().get(id) : null;
        if (backend == null) {
            return metrics;
        }
        BackendMetrics added = backends.computeIfAbsent(
                id,
                absent -> new BackendMetrics(new MetricScope(registry, clock, PREFIX + ".backend." + absent), backend));
        if (known.backends().get(id) != backend) {
            drop(id, added);
        }
        return added;
    }

    /** Removes while holding the map's entry, so that a successor of the same name registers only afterwards. */
    private void drop(String id, RouteMetrics metrics) {
        routes.computeIfPresent(id, (key, present) -> {
            if (present != metrics) {
                return present;
            }
            present.remove();
            return null;
        });
    }

    private void drop(String id, BackendMetrics metrics) {
        backends.computeIfPresent(id, (key, present) -> {
            if (present != metrics) {
                return present;
            }
            present.remove();
            return null;
        });
    }

    /** A value that somebody else keeps. */
    record Reading(String name, String help, boolean monotonic, LongSupplier value) {}

    /** What the table in force has, by id. */
    private record Known(Set<String> routes, Map<String, Backend> backends) {

        static Known of(RouteTable table) {
            Set<String> routes = new HashSet<>(2 * table.routes().size());
            for (Route route : table.routes()) {
                routes.add(route.id());
            }
            if (table.defaultRoute() != null) {
                routes.add(table.defaultRoute().id());
            }
            Map<String, Backend> backends = new HashMap<>();
            for (Backend backend : table.backends()) {
                backends.put(backend.id(), backend);
            }
            return new Known(routes, backends);
        }
    }
}
