package dev.portway.observe;

import static java.util.Objects.requireNonNull;

import dev.portway.upstream.Backend;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's metrics and the JVM's in Prometheus' text format, with labels where Dropwizard has names: {@code
 * portway_requests_total{code="2xx",route="web"}}. Thread-safe.
 */
public final class PrometheusText {

    /** Of what {@link #write} writes. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final ProxyMetrics metrics;
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private @Nullable PrometheusRegistry jvm; // guarded by this

    public PrometheusText(ProxyMetrics metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
    }

    /** Writes all metrics as they are now, in UTF-8; the stream stays open. */
    public void write(OutputStream out) throws IOException {
        List<MetricSnapshot> all = new ArrayList<>();
        addRoutes(all);
        addBackends(all);
        addReadings(all);
        jvm().scrape().forEach(all::add);
        writer.write(out, new MetricSnapshots(all), EscapingScheme.UNDERSCORE_ESCAPING);
    }

    private void addRoutes(List<MetricSnapshot> all) {
        List<Labelled<RouteMetrics>> routes = new ArrayList<>();
        routes.add(new Labelled<>(Labels.of("route", ""), metrics.unrouted()));
        metrics.routes().forEach((id, route) -> routes.add(new Labelled<>(Labels.of("route", id), route)));

        all.add(byStatus(
                "portway_requests", "Answers sent, by route and status class.", routes, RouteMetrics::requests));
        all.add(byError("portway_errors", "Errors made by the proxy, by route.", routes, RouteMetrics::errors));
        all.add(counter("portway_request_bytes", "Bytes of request bodies.", routes, RouteMetrics::bytesIn));
        all.add(counter("portway_response_bytes", "Bytes of response bodies.", routes, RouteMetrics::bytesOut));
        all.add(counter("portway_retries", "Requests sent once more.", routes, RouteMetrics::retries));
        all.add(counter("portway_hedges", "Requests sent to a second backend besides.", routes, RouteMetrics::hedges));
        all.add(counter(
                "portway_route_repaired_fields",
                "Fields of responses in which a host or path was put into the client's words.",
                routes,
                RouteMetrics::repairedFields));
        all.add(gauge("portway_route_in_flight", "Requests not yet answered whole.", routes, RouteMetrics::inFlight));
        all.add(DurationBuckets.snapshot(
                "portway_request_duration_seconds",
                "From the first handling of a request to the end of its answer.",
                routes,
                RouteMetrics::totalTime));
        all.add(DurationBuckets.snapshot(
                "portway_request_backend_seconds",
                "Of that, from the request sent to the head of the backend's answer.",
                routes,
                RouteMetrics::backendTime));
        all.add(DurationBuckets.snapshot(
                "portway_request_proxy_seconds",
                "Of that, all but the backend's share.",
                routes,
                RouteMetrics::proxyTime));
    }

    private void addBackends(List<MetricSnapshot> all) {
        List<Labelled<BackendMetrics>> backends = labelled(metrics.backends());
        all.add(byStatus(
                "portway_backend_requests",
                "Answers of backends, by status class.",
                backends,
                BackendMetrics::requests));
        all.add(byError("portway_backend_errors", "Errors in using a backend.", backends, BackendMetrics::errors));
        all.add(DurationBuckets.snapshot(
                "portway_backend_duration_seconds",
                "From the request sent to the head of the backend's answer.",
                backends,
                BackendMetrics::time));

        List<Labelled<Backend>> known = labelled(metrics.knownBackends());
        all.add(gauge(
                "portway_backend_in_flight", "Requests sent and not yet answered whole.", known, Backend::inFlight));
        all.add(gauge(
                "portway_backend_available",
                "Whether its health lets it take requests.",
                known,
                backend -> backend.available() ? 1 : 0));
        all.add(gauge(
                "portway_backend_ejected",
                "Whether it gets no requests because too many have failed.",
                known,
                BackendMetrics::ejected));
        all.add(counter("portway_backend_ejections", "How often that came about.", known, Backend::ejections));
    }

    private void addReadings(List<MetricSnapshot> all) {
        all.add(GaugeSnapshot.builder()
                .name("portway_in_flight")
                .help("Requests not yet answered whole.")
                .dataPoint(new GaugeDataPointSnapshot(metrics.inFlight(), Labels.EMPTY, null))
                .build());
        for (ProxyMetrics.Reading reading : metrics.readings()) {
            String name = "portway_" + reading.name().replace('.', '_').replace('-', '_');
            long value = reading.value().getAsLong();
            if (reading.monotonic()) {
                all.add(CounterSnapshot.builder()
                        .name(name)
                        .help(reading.help())
                        .dataPoint(new CounterDataPointSnapshot(value, Labels.EMPTY, null, 0))
                        .build());
            } else {
                all.add(GaugeSnapshot.builder()
                        .name(name)
                        .help(reading.help())
                        .dataPoint(new GaugeDataPointSnapshot(value, Labels.EMPTY, null))
                        .build());
            }
        }
    }

    private static <T> List<Labelled<T>> labelled(Map<String, T> backends) {
        List<Labelled<T>> labelled = new ArrayList<>(backends.size());
        backends.forEach((id, backend) -> labelled.add(new Labelled<>(Labels.of("backend", id), backend)));
        return labelled;
    }

    private static <T> CounterSnapshot byStatus(
            String name, String help, List<Labelled<T>> sources, StatusCount<T> count) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        for (Labelled<T> source : sources) {
            for (StatusClass status : StatusClass.values()) {
                long value = count.of(source.value(), status);
                if (value > 0) {
                    counter.dataPoint(point(value, source.labels().add("code", status.label())));
                }
            }
        }
        return counter.build();
    }

    private static <T> CounterSnapshot byError(
            String name, String help, List<Labelled<T>> sources, Function<T, ErrorCounters> errors) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        for (Labelled<T> source : sources) {
            errors.apply(source.value())
                    .forEach((error, count) ->
                            counter.dataPoint(point(count, source.labels().add("error", ErrorNames.of(error)))));
        }
        return counter.build();
    }

    private static <T> CounterSnapshot counter(
            String name, String help, List<Labelled<T>> sources, ToLongFunction<T> count) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        for (Labelled<T> source : sources) {
            counter.dataPoint(point(count.applyAsLong(source.value()), source.labels()));
        }
        return counter.build();
    }

    private static <T> GaugeSnapshot gauge(
            String name, String help, List<Labelled<T>> sources, ToLongFunction<T> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (Labelled<T> source : sources) {
            gauge.dataPoint(new GaugeDataPointSnapshot(value.applyAsLong(source.value()), source.labels(), null));
        }
        return gauge.build();
    }

    private static CounterDataPointSnapshot point(long value, Labels labels) {
        return new CounterDataPointSnapshot(value, labels, null, 0);
    }

    /** The JVM's collectors, made when somebody first asks. */
    private synchronized PrometheusRegistry jvm() {
        if (jvm == null) {
            jvm = new PrometheusRegistry();
            JvmMetrics.builder().register(jvm);
        }
        return jvm;
    }

    /** What is read, and the labels it is read under. */
    record Labelled<T>(Labels labels, T value) {}

    private interface StatusCount<T> {
        long of(T source, StatusClass status);
    }
}
