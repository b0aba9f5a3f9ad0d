import static java.util.Objects.requireNonNull;

import dev.portway.api.Route;
import dev.portway.client.PortwayClient;
import dev.portway.client.PortwayException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.slf4j.LoggerFactory;

/**
 * Gives a Dropwizard application a name at a running Portway for as long as it serves: {@code new
 * RouteBundle("shop.localhost")}. Needs {@code dev.portway:api-client} beside Dropwizard; {@code PORTWAY_ADMIN} and {@code
 * PORTWAY_TOKEN} name the proxy. Where none runs, the application serves without its name.
 */
public final class RouteBundle implements ConfiguredBundle<Configuration> {

    private final String host;

    public RouteBundle(String host) {
        this.host = requireNonNull(host, "host");
    }

    @Override
    public void run(Configuration configuration, Environment environment) {
        PortwayClient client = PortwayClient.fromEnvironment();
        environment.lifecycle().addServerLifecycleListener(server -> lease(client, port(server)));
        environment.lifecycle().manage(new Managed() {
            @Override
            public void stop() {
                client.close(); // which takes the route away
            }
        });
    }

    private void lease(PortwayClient client, int port) {
        Route route = Route.builder().host(host).target(port).build();
        try {
            client.routes().lease(route, Duration.ofSeconds(30));
        } catch (PortwayException noName) {
            LoggerFactory.getLogger(RouteBundle.class).warn("no name {}: {}", host, noName.getMessage());
        }
    }

    private static int port(Server server) {
        return ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
    }
}
