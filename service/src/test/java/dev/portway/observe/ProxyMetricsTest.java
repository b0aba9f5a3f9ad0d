package dev.portway.observe;

import static dev.portway.health.Tables.http;
import static dev.portway.health.Tables.route;
import static dev.portway.observe.Exchanges.exchange;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.portway.exchange.ProxyError;
import dev.portway.health.Tables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProxyMetricsTest {

    private static final Pattern SAMPLE = Pattern.compile(
            "[a-zA-Z_:][a-zA-Z0-9_:]*(\\{[a-z_]+=\"([^\"\\\\\\n]|\\\\[\\\\\"n])*\"(,[a-z_]+=\"([^\"\\\\\\n]|\\\\[\\\\\"n])*\")*})?"
                    + " (-?[0-9.]+(E-?[0-9]+)?|NaN|\\+Inf)");

    private final MetricRegistry registry = new MetricRegistry();
    private final ProxyMetrics metrics = new ProxyMetrics(registry);
    private final Tables tables = new Tables();

    @BeforeEach
    void publishATable() {
        metrics.tableChanged(tables.of(route("web", http("localhost", 3000)), route("api", http("localhost", 3001))));
    }

    @Test
    void countsByRouteBackendAndStatus() {
        metrics.record(exchange().record());
        metrics.record(exchange().status(404).record());
        metrics.record(exchange().route("api").backend("localhost:3001").record());

        assertThat(count("portway.route.web.requests.2xx")).isEqualTo(1);
        assertThat(count("portway.route.web.requests.4xx")).isEqualTo(1);
        assertThat(count("portway.route.api.requests.2xx")).isEqualTo(1);
        assertThat(count("portway.backend.localhost:3000.requests.4xx")).isEqualTo(1);
        assertThat(timer("portway.requests.2xx").getCount()).isEqualTo(2);
        assertThat(metrics.totals()).isEqualTo(new TrafficTotals(0, 2, 0, 1, 0, 0, 0));
        assertThat(metrics.totals().answers()).isEqualTo(3);
    }

    @Test
    void keepsTheTimesOfProxyAndBackendApart() {
        metrics.record(exchange().took(10_000_000, 8_000_000).record());

        assertThat(timer("portway.route.web.time.total").getSnapshot().getMax()).isEqualTo(10_000_000);
        assertThat(timer("portway.route.web.time.backend").getSnapshot().getMax())
                .isEqualTo(8_000_000);
        assertThat(timer("portway.route.web.time.proxy").getSnapshot().getMax()).isEqualTo(2_000_000);
        assertThat(timer("portway.backend.localhost:3000.time").getCount()).isEqualTo(1);
    }

    @Test
    void countsBytesAndErrors() {
        metrics.record(exchange().bytes(10, 20).record());
        metrics.record(exchange()
                .failed(ProxyError.CONNECTION_REFUSED, "x")
                .bytes(1, 2)
                .record());

        assertThat(count("portway.route.web.bytes.in")).isEqualTo(11);
        assertThat(count("portway.route.web.bytes.out")).isEqualTo(22);
        assertThat(count("portway.route.web.errors.connection_refused")).isEqualTo(1);
        assertThat(count("portway.backend.localhost:3000.errors.connection_refused"))
                .isEqualTo(1);
        assertThat(count("portway.backend.localhost:3000.requests.5xx")).isZero(); // no answer of the backend's
    }

    @Test
    void countsWhatIsInFlight() {
        metrics.begin();
        metrics.begin();
        metrics.routed("web");
        assertThat(metrics.totals().inFlight()).isEqualTo(2);
        assertThat(registry.gauge("portway.route.web.in-flight").getValue()).isEqualTo(1L);

        metrics.record(exchange().record());

        assertThat(metrics.totals().inFlight()).isEqualTo(1);
        assertThat(registry.gauge("portway.route.web.in-flight").getValue()).isEqualTo(0L);
    }

    @Test
    void countsApartWhatNoRouteTook() {
        metrics.record(exchange()
                .failed(ProxyError.NO_ROUTE, null)
                .route(null)
                .backend(null)
                .record());

        assertThat(count("portway.unrouted.requests.4xx")).isEqualTo(1);
    }

    @Test
    void makesNoMetricsForARouteWithoutTraffic() {
        metrics.record(exchange().record());

        assertThat(registry.getNames()).noneMatch(name -> name.startsWith("portway.route.api"));
    }

    @Test
    void forgetsARouteThatIsGoneAndItsBackend() {
        metrics.record(exchange().record());

        metrics.tableChanged(tables.of(route("api", http("localhost", 3001))));
        metrics.record(exchange().record()); // begun before

        assertThat(registry.getNames()).noneMatch(name -> name.contains(".web.") || name.contains("localhost:3000"));
        assertThat(metrics.totals().success()).isEqualTo(2);
    }

    @Test
    void beginsAnewWithARouteThatComesBack() {
        metrics.record(exchange().record());
        metrics.tableChanged(tables.of());
        metrics.tableChanged(tables.of(route("web", http("localhost", 3000))));

        metrics.record(exchange().record());

        assertThat(count("portway.route.web.requests.2xx")).isEqualTo(1);
    }

    /** Requests and tables race; what is left afterwards is of the last table alone, and registered. */
    @Test
    @Timeout(60)
    void leavesNothingOfRemovedRoutesBehindHoweverTheyRace() throws Exception {
        Thread[] traffic = new Thread[2];
        for (int i = 0; i < traffic.length; i++) {
            traffic[i] = new Thread(() -> {
                for (int n = 0; n < 20_000; n++) {
                    metrics.record(exchange().route(n % 2 == 0 ? "web" : "api").record());
                }
            });
            traffic[i].start();
        }
        for (int round = 0; round < 500; round++) {
            metrics.tableChanged(tables.of(route("web", http("localhost", 3000))));
            metrics.tableChanged(tables.of(route("api", http("localhost", 3001))));
        }
        for (Thread thread : traffic) {
            thread.join();
        }
        metrics.tableChanged(tables.of(route("web", http("localhost", 3000))));

        assertThat(registry.getNames()).noneMatch(name -> name.contains(".api.") || name.contains("localhost:3001"));
        metrics.record(exchange().record());
        assertThat(count("portway.route.web.requests.2xx")).isPositive();
        assertThat(metrics.totals().success()).isEqualTo(40_001);
    }

    @Test
    void publishesValuesThatOthersKeep() throws Exception {
        metrics.gauge("connections.open", "Open client connections.", () -> 7);
        metrics.count("access-log.dropped", "Lines dropped.", () -> 3);

        assertThat(registry.gauge("portway.connections.open").getValue()).isEqualTo(7L);
        assertThat(prometheus()).contains("portway_connections_open 7.0", "portway_access_log_dropped_total 3.0");
    }

    @Test
    void writesLabelsForPrometheus() throws Exception {
        metrics.record(exchange().took(2_000_000, 500_000).bytes(5, 6).record());
        metrics.record(exchange().failed(ProxyError.RESPONSE_TIMEOUT, "x").record());

        assertThat(prometheus())
                .contains(
                        "# TYPE portway_requests_total counter",
                        "portway_requests_total{code=\"2xx\",route=\"web\"} 1.0",
                        "portway_requests_total{code=\"5xx\",route=\"web\"} 1.0",
                        "portway_errors_total{error=\"response_timeout\",route=\"web\"} 1.0",
                        "portway_request_bytes_total{route=\"web\"} 5.0",
                        "portway_request_duration_seconds_bucket{route=\"web\",le=\"0.001\"} 0",
                        "portway_request_duration_seconds_bucket{route=\"web\",le=\"0.0025\"} 1",
                        "portway_request_duration_seconds_bucket{route=\"web\",le=\"+Inf\"} 2",
                        "portway_request_duration_seconds_count{route=\"web\"} 2",
                        "portway_backend_requests_total{backend=\"localhost:3000\",code=\"2xx\"} 1.0",
                        "portway_backend_available{backend=\"localhost:3001\"} 1.0")
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
    }

    @Test
    void writesWhatPrometheusCanParse() throws Exception {
        metrics.tableChanged(tables.of(route("we\"ird\\\n", http("localhost", 3000))));
        metrics.record(exchange().route("we\"ird\\\n").record());

        List<String> lines = prometheus();

        assertThat(lines).filteredOn(line -> !line.startsWith("#")).allMatch(SAMPLE.asMatchPredicate());
        assertThat(lines)
                .filteredOn(line -> line.startsWith("#"))
                .allMatch(line -> line.matches("# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+"))
                .doesNotHaveDuplicates();
        assertThat(lines).doesNotHaveDuplicates();
    }

    private List<String> prometheus() throws IOException {
        var out = new ByteArrayOutputStream();
        new PrometheusText(metrics).write(out);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private long count(String name) {
        return requireNonNull(registry.getCounters().get(name), name).getCount();
    }

    private Timer timer(String name) {
        return requireNonNull(registry.getTimers().get(name), name);
    }
}
