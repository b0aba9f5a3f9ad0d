package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.admin.AdminApi;
import dev.portway.admin.AdminGuard;
import dev.portway.admin.AdminParts;
import dev.portway.admin.ProblemErrorHandler;
import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigReader;
import dev.portway.config.FileWatcher;
import dev.portway.config.PortwayConfig;
import dev.portway.config.ProxyConfig;
import dev.portway.config.RouteStore;
import dev.portway.exchange.ErrorPages;
import dev.portway.exchange.ExchangeRecord;
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
import dev.portway.observe.RecentExchanges;
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
import dev.portway.routing.LeaseExpiry;
import dev.portway.routing.RouteRegistry;
import dev.portway.routing.TableParts;
import dev.portway.server.HandlerChain;
import dev.portway.server.ProxyServerFactory;
import dev.portway.transport.BackendProbe;
import dev.portway.transport.BackendReach;
import dev.portway.transport.BackendTrust;
import dev.portway.transport.ClientListener;
import dev.portway.transport.LoopBuffers;
import dev.portway.tunnel.Tunnels;
import dev.portway.upstream.BackendPool;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * The two planes wired together by hand: the one way there is, whoever starts the proxy. Immutable.
 *
 * @param store where the configuration is kept
 * @param document what the store says now, without errors
 * @param reader of this configuration and of those that are to be validated
 * @param exchanges told of each exchange that has ended; must not block
 * @param own puts what the program around the proxy does with calls before what the proxy does
 * @param lookup what names are looked up with, by DNS where the configuration names a server; the environment stops it
 */
record Wiring(
        RouteStore store,
        ConfigDocument document,
        ConfigReader reader,
        Consumer<ExchangeRecord> exchanges,
        UnaryOperator<Handler> own,
        Function<DnsClient, NameLookup> lookup) {

    Wiring {
        requireNonNull(store, "store");
        requireNonNull(document, "document");
        requireNonNull(reader, "reader");
        requireNonNull(exchanges, "exchanges");
        requireNonNull(own, "own");
        requireNonNull(lookup, "lookup");
    }

    /** The same with names looked up as usual. */
    Wiring(
            RouteStore store,
            ConfigDocument document,
            ConfigReader reader,
            Consumer<ExchangeRecord> exchanges,
            UnaryOperator<Handler> own) {
        this(store, document, reader, exchanges, own, NameLookup::new);
    }

    /**
     * Puts the proxy into an environment whose server is not built yet.
     *
     * @return the writer of its routes
     */
    RouteRegistry into(ProxyServerFactory server, Environment environment) throws IOException {
        InstantSource clock = Clock.systemUTC();
        AtomicReference<@Nullable Server> running = new AtomicReference<>();
        PortwayConfig config = requireNonNull(document.read().config(), "document: expected one without errors");
        ProxyConfig proxy = config.proxy();

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
        RecentExchanges recent = new RecentExchanges();
        ErrorPages errorPages = new ErrorPages();
        RateLimits limits = new RateLimits();
        AuthRules auth = new AuthRules();
        ConnectionRate connectionRate = new ConnectionRate(proxy.limits().connectionRate(), proxy.trustedProxies());
        Transforms transforms = new Transforms(metrics::repaired);
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
        RouteRegistry routes = new RouteRegistry(
                store,
                document,
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
        metrics.gauge(
                "leases",
                "Routes that are leased.",
                () -> routes.listing().leases().size());
        environment.healthChecks().register("config", new ConfigHealthCheck(routes::lastReload));

        // The data plane.
        HandlerChain chain = HandlerChain.of(
                proxy,
                routes::current,
                new HandlerChain.Parts(
                        errorPages,
                        metrics,
                        accessLog,
                        exchanges.andThen(recent::record),
                        own,
                        health,
                        new LoopbackTwin(dialer),
                        reach,
                        new BackendPorts(dialer, names),
                        tunnels,
                        clock,
                        RandomGenerator.getDefault()),
                new ProblemErrorHandler());
        server.mount(new ProxyServerFactory.Mount(
                proxy, chain, connectionRate, admin -> new AdminGuard(proxy.admin(), admin)));

        // The control plane.
        AdminApi.register(
                environment,
                new AdminParts(
                        routes,
                        backends,
                        tunnels,
                        recent,
                        reader,
                        store.file(),
                        metrics,
                        new PrometheusText(metrics),
                        version(),
                        clock.instant(),
                        () -> listeners(running.get()),
                        clock,
                        () -> ready(running.get(), health)));

        environment.lifecycle().manage(auth);
        environment.lifecycle().manage(dialer);
        environment.lifecycle().manage(names);
        environment.lifecycle().manage(probe);
        environment.lifecycle().manage(nameWatch);
        environment.lifecycle().manage(health);
        environment.lifecycle().manage(accessLog);
        environment.lifecycle().manage(new LeaseExpiry(routes, clock));
        if (store.onDisk()) {
            environment.lifecycle().manage(new FileWatcher(store.file(), routes::refresh));
        }
        environment.lifecycle().addServerLifecycleListener(started -> {
            running.set(started);
            metrics.gauge(
                    "client-connections", "Connections of clients, idle ones included.", () -> connections(started));
            metrics.gauge("buffers.in-use", "Pooled buffers that are not back in their pool.", () -> buffers(started));
        });
        return routes;
    }

    private static long buffers(Server server) {
        return ((LoopBuffers) server.getByteBufferPool()).inUse();
    }

    private static boolean ready(@Nullable Server started, HealthMonitor health) {
        return started != null && started.isStarted() && health.firstRound().isDone();
    }

    private static List<URI> listeners(@Nullable Server started) {
        return started == null ? List.of() : ApplicationStarter.Running.urls(started);
    }

    private static long connections(Server server) {
        return Arrays.stream(server.getConnectors())
                .filter(connector -> ClientListener.NAME.equals(connector.getName()))
                .mapToLong(connector -> connector.getConnectedEndPoints().size())
                .sum();
    }

    private static String version() {
        String packaged = Wiring.class.getPackage().getImplementationVersion();
        return packaged == null ? "unpackaged" : packaged;
    }
}
