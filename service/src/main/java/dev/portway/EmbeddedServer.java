package dev.portway;

import static java.util.Objects.requireNonNull;

import com.codahale.metrics.MetricRegistry;
import dev.portway.routing.RouteRegistry;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Server;

/** A proxy's server in another program, of whose process it changes nothing. Thread-safe. */
final class EmbeddedServer {

    private final ApplicationStarter.Running running;
    private final RouteRegistry routes;
    private final boolean admin;

    private EmbeddedServer(Server server, RouteRegistry routes, boolean admin) {
        this.running = new ApplicationStarter.Running(server);
        this.routes = requireNonNull(routes, "routes");
        this.admin = admin;
    }

    /**
     * Starts it, and returns once it accepts connections.
     *
     * @param admin whether its admin side has a listener
     */
    static EmbeddedServer start(Wiring wiring, boolean admin) {
        try {
            ProxyConfiguration configuration = new ProxyConfigurationFactory(wiring.document()).build();
            Environment environment = ProxyEnvironment.of(configuration, new MetricRegistry());
            RouteRegistry routes = wiring.into(configuration.server(), environment);
            if (!admin) {
                configuration.server().setAdminConnectors(List.of());
            }
            Server server = configuration.server().build(environment);
            server.setStopAtShutdown(false); // the process is another's
            begin(server);
            return new EmbeddedServer(server, routes, admin);
        } catch (ConfigurationException section) {
            throw new PortwayException("this is no valid configuration", List.copyOf(section.getErrors()), section);
        } catch (IOException e) {
            throw new PortwayException("the proxy does not start: " + e.getMessage(), e);
        }
    }

    ApplicationStarter.Running running() {
        return running;
    }

    Optional<URI> adminUrl() {
        return admin ? Optional.of(running.adminUrl()) : Optional.empty();
    }

    RouteRegistry routes() {
        return routes;
    }

    void stop() {
        try {
            running.close();
        } catch (Exception e) {
            throw new PortwayException("the proxy did not stop in good order: " + e.getMessage(), e);
        }
    }

    private static void begin(Server server) {
        try {
            ProxyEnvironment.begin(server);
        } catch (Exception e) {
            throw new PortwayException(
                    e.getCause() instanceof BindException || e instanceof BindException
                            ? "a port cannot be had: " + e.getMessage()
                            : "the proxy does not start: " + e.getMessage(),
                    e);
        }
    }
}
