package dev.portway;

import com.codahale.metrics.MetricRegistry;
import dev.portway.cli.StartRequest;
import dev.portway.config.ConfigReader;
import dev.portway.config.RouteStore;
import dev.portway.health.DnsClient;
import dev.portway.health.NameLookup;
import dev.portway.observe.JvmGauges;
import dev.portway.routing.RouteRegistry;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.logging.common.LoggingFactory;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * A proxy as a process of its own, which it may change as a whole: the logging and the gauges of Java are the proxy's.
 *
 * @param server its listeners open
 * @param routes the writer of its routes
 * @param metrics all that is counted
 */
record ProcessServer(Server server, RouteRegistry routes, MetricRegistry metrics) {

    /**
     * Starts it.
     *
     * @param lookup what names are looked up with, by DNS where the configuration names a server; it stops it
     * @throws Exception where it does not start; nothing of it goes on then
     */
    static ProcessServer start(StartRequest request, Function<DnsClient, NameLookup> lookup) throws Exception {
        ProxyConfiguration configuration = new ProxyConfigurationFactory(request.document()).build();
        MetricRegistry metrics = new MetricRegistry();
        LoggingFactory logging = configuration.getLoggingFactory();
        try {
            logging.configure(metrics, ProxyEnvironment.NAME);
            return start(request, lookup, configuration, metrics);
        } catch (Exception failed) {
            logging.stop();
            throw failed;
        } catch (Error fatal) {
            // The command line reports exceptions, and ends the process: threads of a half-started server would keep
            // it.
            logging.stop();
            throw new IllegalStateException(fatal);
        }
    }

    private static ProcessServer start(
            StartRequest request,
            Function<DnsClient, NameLookup> lookup,
            ProxyConfiguration configuration,
            MetricRegistry metrics)
            throws Exception {
        Environment environment = ProxyEnvironment.of(configuration, metrics);
        configuration
                .getHealthFactory()
                .ifPresent(health -> health.configure(
                        environment.lifecycle(),
                        environment.servlets(),
                        environment.jersey(),
                        environment.health(),
                        environment.getObjectMapper(),
                        ProxyEnvironment.NAME));
        ConfigReader reader = new ConfigReader(System::getenv).overriding(request.host(), request.port());
        RouteStore store = new RouteStore(request.file(), reader);
        RouteRegistry routes = new Wiring(
                        store, request.document(), reader, exchange -> {}, UnaryOperator.identity(), lookup)
                .into(configuration.server(), environment);
        Server server = configuration.server().build(environment);
        server.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopped(LifeCycle stopped) {
                configuration.getLoggingFactory().stop();
            }
        });
        ProxyEnvironment.begin(server);
        return new ProcessServer(server, routes, metrics);
    }

    /** Adds what Java says of itself, for which the first answers need not wait: it takes as long as some of them. */
    void addGaugesOfJava() {
        JvmGauges.register(metrics);
    }
}
