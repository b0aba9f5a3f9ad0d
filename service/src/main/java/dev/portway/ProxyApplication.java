package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.admin.AdminApi;
import dev.portway.admin.AdminGuard;
import dev.portway.admin.AdminParts;
import dev.portway.admin.ProblemErrorHandler;
import dev.portway.cli.StartRequest;
import dev.portway.config.ConfigReader;
import dev.portway.config.FileWatcher;
import dev.portway.config.PortwayConfig;
import dev.portway.config.ProxyConfig;
import dev.portway.config.RouteStore;
import dev.portway.exchange.ErrorPages;
import dev.portway.health.BackendHealthChecks;
import dev.portway.health.BackendPorts;
import dev.portway.health.ConfigHealthCheck;
import dev.portway.health.ConfiguredStates;
import dev.portway.health.Dialer;
import dev.portway.health.DnsClient;
import dev.portway.health.HealthMonitor;
import dev.portway.health.LoopbackTwin;
import dev.portway.health.NameLookup;
import dev.portway.health.NameWatch;
import dev.portway.observe.AccessLog;
import dev.portway.observe.PrometheusText;
import dev.portway.observe.ProxyMetrics;
import dev.portway.policy.PolicyFactory;
import dev.portway.policy.PolicyHandler;
import dev.portway.policy.auth.AuthRules;
import dev.portway.policy.auth.ClientsPolicy;
import dev.portway.policy.auth.Withheld;
import dev.portway.policy.compression.Encoders;
import dev.portway.policy.cors.CorsPolicy;
import dev.portway.policy.filter.FilterPolicy;
import dev.portway.policy.headers.HeaderPolicy;
import dev.portway.policy.limit.ConnectionRate;
import dev.portway.policy.limit.RateLimits;
import dev.portway.policy.transform.AnswerPolicy;
import dev.portway.policy.transform.Transforms;
import dev.portway.routing.RouteRegistry;
import dev.portway.routing.TableParts;
import dev.portway.server.HandlerChain;
import dev.portway.server.ProxyServerFactory;
import dev.portway.transport.BackendProbe;
import dev.portway.transport.BackendReach;
import dev.portway.transport.BackendTrust;
import dev.portway.transport.ClientListener;
import dev.portway.tunnel.Tunnels;
import dev.portway.upstream.BackendPool;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * One proxy: Dropwizard's application, with the two planes wired together by hand. Confined to the thread that starts
 * it.
 */
final class ProxyApplication extends Application<ProxyConfiguration> {

    private final StartRequest request;
    private final Function<DnsClient, NameLookup> lookup;
    private final InstantSource clock = Clock.systemUTC();
    private volatile @Nullable Server server; // written when its listeners are open, read by any thread
    private @Nullable RouteRegistry registry;
    private @Nullable Throwable failure;

    /** @param lookup what names are looked up with, by DNS where the configuration names a server; it stops it */
    ProxyApplication(StartRequest request, Function<DnsClient, NameLookup> lookup) {
        this.lookup = requireNonNull(lookup, "lookup");
        this.request = requireNonNull(request, "request");
    }

    @Override
    public String getName() {
        return "portway";
    }

    /**
     * Starts it.
     *
     * @return the server, its listeners open
     * @throws Exception where it does not start
     */
    Server start() throws Exception {
        run("server", request.file().toString());
        if (failure != null) {
            throw failure instanceof Exception e ? e : new IllegalStateException(failure);
        }
        return requireNonNull(server, "server");
    }

    /** The writer of its routes, once started. */
    RouteRegistry registry() {
        return requireNonNull(registry, "registry: expected the application to be started");
    }

    @Override
    protected void addDefaultCommands(Bootstrap<ProxyConfiguration> bootstrap) {
        bootstrap.addCommand(new ServerCommand<>(this) {
            @Override
            public void onError(Cli cli, Namespace namespace, Throwable thrown) {
                failure = thrown;
            }
        });
    }

    @Override
    protected void onFatalError(Throwable thrown) {
        failure = thrown;
    }

    @Override
    public void initialize(Bootstrap<ProxyConfiguration> bootstrap) {
        bootstrap.setConfigurationFactoryFactory(
                (type, validator, mapper, prefix) -> new ProxyConfigurationFactory(request, mapper));
    }

    @Override
    public void run(ProxyConfiguration configuration, Environment environment) throws IOException {
        PortwayConfig config = configuration.portway();
        ProxyConfig proxy = config.proxy();
        ConfigReader reader = new ConfigReader(System::getenv).overriding(request.host(), request.port());

        // What lives while traffic flows.
        BackendPool backends = new BackendPool(clock);
        Dialer dialer = new Dialer();
        DnsClient dns = new DnsClient(proxy.dns());
        NameLookup names = lookup.apply(dns);
        NameWatch nameWatch = new NameWatch(names, dns);
        BackendTrust trust = new BackendTrust();
        BackendReach reach = new BackendReach(names, trust);
        BackendProbe probe = new BackendProbe(reach);
        HealthMonitor health = new HealthMonitor(
                dialer, probe, names, clock, () -> ThreadLocalRandom.current().nextDouble());
        ProxyMetrics metrics = new ProxyMetrics(environment.metrics());
        AccessLog accessLog = AccessLog.of(config.logging());
        ErrorPages errorPages = new ErrorPages();
        RateLimits limits = new RateLimits();
        AuthRules auth = new AuthRules();
        ConnectionRate connectionRate = new ConnectionRate(proxy.limits().connectionRate(), proxy.trustedProxies());
        Transforms transforms = new Transforms();
        Encoders encoders = new Encoders();
        Tunnels tunnels = new Tunnels(clock);
        BackendHealthChecks healthChecks = new BackendHealthChecks(environment.healthChecks());

        // The kinds of rules there are, in the order in which a request meets them.
        List<PolicyFactory> rules = List.of(
                Withheld::of,
                HeaderPolicy::of,
                CorsPolicy::of,
                FilterPolicy::of,
                ClientsPolicy::of,
                limits::ofAnybody,
                auth,
                limits::ofKnown,
                transforms::policyOf,
                encoders::policyOf,
                AnswerPolicy::of);

        // The routes, and who is told of them.
        RouteStore store = new RouteStore(request.file(), reader);
        RouteRegistry routes = new RouteRegistry(
                store,
                request.document(),
                new TableParts(backends, nameWatch, PolicyHandler.compiler(rules)),
                clock,
                List.of(
                        nameWatch,
                        trust,
                        health,
                        metrics,
                        errorPages,
                        limits,
                        auth,
                        healthChecks,
                        new ConfiguredStates()));
        registry = routes;
        nameWatch.onChange(routes::takeUpNames);
        metrics.count("access-log.dropped", "Access log lines there was no room for.", accessLog::dropped);
        metrics.count(
                "client-connections.refused",
                "Connections closed at once because their client opened too many.",
                connectionRate::refused);
        metrics.count(
                "repaired-fields",
                "Fields of responses in which a host or path was put into the client's words.",
                transforms::repaired);
        metrics.gauge("encoders.in-use", "Responses that are being compressed.", encoders::inUse);
        metrics.gauge(
                "tunnels.open",
                "WebSockets and other tunnels that are open.",
                () -> tunnels.open().size());
        FileWatcher watcher = new FileWatcher(request.file(), routes::refresh);
        environment.healthChecks().register("config", new ConfigHealthCheck(routes::lastReload));

        // The data plane.
        HandlerChain chain = HandlerChain.of(
                proxy,
                routes::current,
                new HandlerChain.Parts(
                        errorPages,
                        metrics,
                        accessLog,
                        health,
                        new LoopbackTwin(dialer),
                        reach,
                        new BackendPorts(dialer, names),
                        tunnels,
                        clock,
                        RandomGenerator.getDefault()),
                new ProblemErrorHandler());
        configuration
                .server()
                .mount(new ProxyServerFactory.Mount(
                        proxy, chain, connectionRate, admin -> new AdminGuard(proxy.admin(), admin)));

        // The control plane.
        AdminApi.register(
                environment,
                new AdminParts(
                        routes,
                        backends,
                        tunnels,
                        reader,
                        request.file(),
                        metrics,
                        new PrometheusText(metrics),
                        version(),
                        clock.instant(),
                        clock,
                        () -> ready(health)));

        environment.lifecycle().manage(auth);
        environment.lifecycle().manage(dialer);
        environment.lifecycle().manage(names);
        environment.lifecycle().manage(probe);
        environment.lifecycle().manage(nameWatch);
        environment.lifecycle().manage(health);
        environment.lifecycle().manage(accessLog);
        environment.lifecycle().manage(watcher);
        environment.lifecycle().addServerLifecycleListener(started -> {
            server = started;
            metrics.gauge(
                    "client-connections", "Connections of clients, idle ones included.", () -> connections(started));
            metrics.gauge("buffers.in-use", "Pooled buffers that are not back in their pool.", () -> buffers(started));
        });
    }

    private static long buffers(Server server) {
        ArrayByteBufferPool pool = (ArrayByteBufferPool) server.getByteBufferPool();
        return pool.getDirectByteBufferCount()
                - pool.getAvailableDirectByteBufferCount()
                + pool.getHeapByteBufferCount()
                - pool.getAvailableHeapByteBufferCount();
    }

    private boolean ready(HealthMonitor health) {
        Server current = server;
        return current != null && current.isStarted() && health.firstRound().isDone();
    }

    private static long connections(Server server) {
        return Arrays.stream(server.getConnectors())
                .filter(connector -> ClientListener.NAME.equals(connector.getName()))
                .mapToLong(connector -> connector.getConnectedEndPoints().size())
                .sum();
    }

    private static String version() {
        String packaged = ProxyApplication.class.getPackage().getImplementationVersion();
        return packaged == null ? "unpackaged" : packaged;
    }
}
