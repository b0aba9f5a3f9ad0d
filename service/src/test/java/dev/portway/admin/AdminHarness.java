package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.Level;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portway.config.AdminConfig;
import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigReader;
import dev.portway.config.RouteStore;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.health.ConfiguredStates;
import dev.portway.observe.PrometheusText;
import dev.portway.observe.ProxyMetrics;
import dev.portway.observe.RecentExchanges;
import dev.portway.routing.Precondition;
import dev.portway.routing.RouteEdit;
import dev.portway.routing.RouteRegistry;
import dev.portway.routing.TableParts;
import dev.portway.tunnel.Tunnels;
import dev.portway.upstream.BackendPool;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.AdminEnvironment;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.MutableServletContextHandler;
import io.dropwizard.logging.common.BootstrapLogging;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The admin side of a real Dropwizard server, over a real file in a folder of its own, without the proxy. */
final class AdminHarness implements AutoCloseable {

    static {
        BootstrapLogging.bootstrap(Level.WARN);
    }

    static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private final Path file;
    private final BackendPool backends = new BackendPool(InstantSource.fixed(NOW));
    private final RouteRegistry registry;
    private final ProxyMetrics metrics = new ProxyMetrics(new MetricRegistry());
    private final RecentExchanges recent = new RecentExchanges();
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final Server server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private AdminHarness(Path file, AdminConfig config) throws Exception {
        this.file = file;
        ConfigReader reader = new ConfigReader(System.getenv()::get);
        RouteStore store = new RouteStore(file, reader);
        ConfigDocument document = store.read();
        InstantSource clock = InstantSource.fixed(NOW);
        this.registry = new RouteRegistry(
                store, document, TableParts.of(backends), clock, List.of(metrics, new ConfiguredStates()));
        Environment environment = new Environment("portway-test");
        environment.jersey().disable();
        AdminApi.register(
                environment,
                new AdminParts(
                        registry,
                        backends,
                        new Tunnels(clock),
                        recent,
                        reader,
                        file,
                        metrics,
                        new PrometheusText(metrics),
                        "1.2.3",
                        NOW.minusSeconds(3_700),
                        () -> List.of(URI.create("http://localhost:8080")),
                        clock,
                        ready::get));
        this.server = new GuardedServerFactory(config).build(environment);
        server.start();
    }

    /** A server over a file that says {@code config}. */
    static AdminHarness over(String config) throws Exception {
        Path folder = Files.createTempDirectory("portway-admin-test");
        return new AdminHarness(Files.writeString(folder.resolve("config.json"), config), AdminConfig.DEFAULT);
    }

    /** A server that asks for this token, over a file without routes. */
    static AdminHarness guarded(String token) throws Exception {
        Path folder = Files.createTempDirectory("portway-admin-test");
        String config = "{\"proxy\": {\"port\": 8080}, \"routes\": [], \"default\": {\"target\": null}}";
        return new AdminHarness(
                Files.writeString(folder.resolve("config.json"), config), new AdminConfig(null, null, token, null));
    }

    /** A server over a file with these routes, a list or an object, and no default. */
    static AdminHarness routing(String routes) throws Exception {
        return over(config(routes));
    }

    private static String config(String routes) {
        return """
                {
                  "proxy": { "port": 8080 },
                  "routes": %s,
                  "default": { "target": null }
                }
                """.formatted(routes);
    }

    /** Has the file and the table say this again, without a lease; what was measured stays. Cheaper than another server. */
    void startOver(String routes) throws Exception {
        for (String leased : registry.listing().leases().keySet()) {
            registry.update(new RouteEdit.Remove(leased), Precondition.NONE);
        }
        Files.writeString(file, config(routes));
        registry.reload();
        ready.set(true);
    }

    Path file() {
        return file;
    }

    RouteRegistry registry() {
        return registry;
    }

    BackendPool backends() {
        return backends;
    }

    /** Counts a request to the route as finished after as many milliseconds. */
    void served(String routeId, int status, long millis) {
        metrics.begin();
        metrics.routed(routeId);
        ExchangeRecord exchange = new ExchangeRecord(
                NOW.toEpochMilli(),
                "r1",
                "127.0.0.1",
                "GET",
                "http",
                "web.localhost",
                "/",
                "HTTP/1.1",
                routeId,
                null,
                status,
                0,
                2,
                TimeUnit.MILLISECONDS.toNanos(millis),
                -1,
                1,
                0,
                List.of(),
                null,
                null,
                null,
                null);
        metrics.record(exchange);
        recent.record(exchange);
    }

    void ready(boolean ready) {
        this.ready.set(ready);
    }

    int port() {
        return ((ServerConnector) server.getConnectors()[1]).getLocalPort();
    }

    /** How many connections to the admin side are open. */
    int connections() {
        return ((ServerConnector) server.getConnectors()[1])
                .getConnectedEndPoints()
                .size();
    }

    Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    /** Sends {@code body}, as JSON unless the headers, name after value, say otherwise. */
    Answer send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return new Answer(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    Answer form(String method, String path, String form) throws IOException, InterruptedException {
        return send(method, path, form, "Content-Type", "application/x-www-form-urlencoded");
    }

    @Override
    public void close() throws Exception {
        for (Connector connector : server.getConnectors()) {
            ((ServerConnector) connector)
                    .setShutdownIdleTimeout(50); // or connections kept by the client would take a second
        }
        server.stop();
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(requireNonNull(file.getParent()))) {
            for (Path each : folder) {
                Files.delete(each);
            }
        }
        Files.delete(requireNonNull(file.getParent()));
    }

    /** An answer, its body read as JSON where asked for. */
    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String body() {
            return response.body();
        }

        JsonNode json() throws IOException {
            return WireFormat.MAPPER.readTree(response.body());
        }
    }

    private static final class GuardedServerFactory extends DefaultServerFactory {

        private final AdminConfig config;

        GuardedServerFactory(AdminConfig config) {
            this.config = config;
            setApplicationConnectors(List.of(loopback()));
            setAdminConnectors(List.of(loopback()));
            LogbackAccessRequestLogFactory silent = new LogbackAccessRequestLogFactory();
            silent.setAppenders(List.of());
            setRequestLogFactory(silent);
        }

        private static HttpConnectorFactory loopback() {
            HttpConnectorFactory factory = new HttpConnectorFactory();
            factory.setBindHost("localhost");
            factory.setPort(0);
            return factory;
        }

        @Override
        protected Handler createAdminServlet(
                Server server,
                MutableServletContextHandler handler,
                MetricRegistry metrics,
                HealthCheckRegistry healthChecks,
                AdminEnvironment admin) {
            return new AdminGuard(config, super.createAdminServlet(server, handler, metrics, healthChecks, admin));
        }
    }
}
