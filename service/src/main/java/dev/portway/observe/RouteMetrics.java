package dev.portway.observe;

import static java.util.Objects.requireNonNull;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Snapshot;
import dev.portway.exchange.ExchangeRecord;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one route's traffic. Thread-safe. */
final class RouteMetrics {

    private final MetricScope scope;
    private final Map<StatusClass, Counter> requests;
    private final DurationTimer totalTime;
    private final DurationTimer backendTime;
    private final DurationTimer proxyTime;
    private final Counter bytesIn;
    private final Counter bytesOut;
    private final ErrorCounters errors;
    private final Counter retries;
    private final Counter hedges;
    private final Counter repairedFields;
    private final LongAdder inFlight = new LongAdder();

    RouteMetrics(MetricScope scope) {
        this.scope = scope;
        this.requests = StatusClass.map(status -> scope.counter("requests." + status.label()));
        this.totalTime = scope.timer("time.total");
        this.backendTime = scope.timer("time.backend");
        this.proxyTime = scope.timer("time.proxy");
        this.bytesIn = scope.counter("bytes.in");
        this.bytesOut = scope.counter("bytes.out");
        this.errors = new ErrorCounters(scope);
        this.retries = scope.counter("retries");
        this.hedges = scope.counter("hedges");
        this.repairedFields = scope.counter("repaired-fields");
        scope.gauge("in-flight", (Gauge<Long>) this::inFlight);
    }

    void begin() {
        inFlight.increment();
    }

    void record(ExchangeRecord exchange) {
        inFlight.decrement();
        counter(StatusClass.of(exchange.status())).inc();
        if (!exchange.tunnelled()) {
            recordTime(exchange);
        }
        if (exchange.backendNanos() >= 0) {
            backendTime.record(exchange.backendNanos());
        }
        if (exchange.bytesIn() > 0) {
            bytesIn.inc(exchange.bytesIn());
        }
        if (exchange.bytesOut() > 0) {
            bytesOut.inc(exchange.bytesOut());
        }
        int again = exchange.attempts() - 1 - exchange.hedged();
        if (again > 0) {
            retries.inc(again);
        }
        if (exchange.hedged() > 0) {
            hedges.inc(exchange.hedged());
        }
        if (exchange.error() != null) {
            errors.count(exchange.error());
        }
    }

    /** How long a tunnel lasts says nothing about how fast a request is. */
    private void recordTime(ExchangeRecord exchange) {
        totalTime.record(exchange.totalNanos());
        proxyTime.record(exchange.totalNanos() - Math.max(0, exchange.backendNanos()));
    }

    void repaired(int fields) {
        repairedFields.inc(fields);
    }

    void remove() {
        scope.remove();
    }

    long requests(StatusClass status) {
        return counter(status).getCount();
    }

    long bytesIn() {
        return bytesIn.getCount();
    }

    long bytesOut() {
        return bytesOut.getCount();
    }

    long retries() {
        return retries.getCount();
    }

    long hedges() {
        return hedges.getCount();
    }

    long repairedFields() {
        return repairedFields.getCount();
    }

    long inFlight() {
        return Math.max(0, inFlight.sum());
    }

    ErrorCounters errors() {
        return errors;
    }

    /** The distribution of the total time lately. */
    Snapshot recentTimes() {
        return totalTime.getSnapshot();
    }

    DurationHistogram totalTime() {
        return totalTime.histogram();
    }

    DurationHistogram backendTime() {
        return backendTime.histogram();
    }

    DurationHistogram proxyTime() {
        return proxyTime.histogram();
    }

    private Counter counter(StatusClass status) {
        return requireNonNull(requests.get(status)); // the map is total
    }
}
