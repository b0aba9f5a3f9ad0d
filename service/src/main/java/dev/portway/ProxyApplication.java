package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.cli.StartRequest;
import dev.portway.config.ConfigReader;
import dev.portway.config.RouteStore;
import dev.portway.health.DnsClient;
import dev.portway.health.NameLookup;
import dev.portway.observe.JvmGauges;
import dev.portway.routing.RouteRegistry;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * One proxy as a process of its own: Dropwizard's application. Confined to the thread that starts it.
 */
final class ProxyApplication extends Application<ProxyConfiguration> {

    private final StartRequest request;
    private final Function<DnsClient, NameLookup> lookup;
    private @Nullable Server server;
    private @Nullable RouteRegistry registry;

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
     * Starts it: what Dropwizard does with the words {@code server FILE}, which were read here already, and without JMX,
     * whose server takes a twelfth of a start.
     *
     * @return the server, its listeners open
     * @throws Exception where it does not start
     */
    Server start() throws Exception {
        try {
            Bootstrap<ProxyConfiguration> bootstrap = new Bootstrap<>(this);
            initialize(bootstrap);
            JvmGauges.register(bootstrap.getMetricRegistry());
            new ServerCommand<>(this)
                    .run(bootstrap, new Namespace(Map.of("file", request.file().toString())));
        } catch (Error fatal) {
            // The command line reports exceptions, and ends the process: threads of a half-started server would keep
            // it.
            throw new IllegalStateException(fatal);
        }
        return requireNonNull(server, "server");
    }

    /** The writer of its routes, once started. */
    RouteRegistry registry() {
        return requireNonNull(registry, "registry: expected the application to be started");
    }

    @Override
    public void initialize(Bootstrap<ProxyConfiguration> bootstrap) {
        bootstrap.setConfigurationFactoryFactory(
                (type, validator, mapper, prefix) -> new ProxyConfigurationFactory(request.document(), mapper));
    }

    @Override
    public void run(ProxyConfiguration configuration, Environment environment) throws IOException {
        ConfigReader reader = new ConfigReader(System::getenv).overriding(request.host(), request.port());
        RouteStore store = new RouteStore(request.file(), reader);
        registry = new Wiring(store, request.document(), reader, exchange -> {}, UnaryOperator.identity(), lookup)
                .into(configuration.server(), environment);
        environment.lifecycle().addServerLifecycleListener(started -> server = started);
    }
}
