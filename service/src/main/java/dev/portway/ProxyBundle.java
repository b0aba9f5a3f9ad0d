package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.server.ProxyServerFactory;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.setup.Environment;
import java.util.List;
import java.util.function.Function;

/**
 * Puts a proxy into a Dropwizard application: its JAX-RS resources answer on the proxy's port, everything else is
 * proxied; and a resource may have a call proxied that it has looked at ({@link ResourceCall}). The ports are those of the proxy, and the application's admin side is the proxy's as well. Confined to the
 * thread that starts the application.
 *
 * @param <C> the application's configuration
 */
public final class ProxyBundle<C extends Configuration> implements ConfiguredBundle<C> {

    private final Function<? super C, Portway.Builder> proxy;

    /** @param proxy says what to start */
    public ProxyBundle(Function<? super C, Portway.Builder> proxy) {
        this.proxy = requireNonNull(proxy, "proxy");
    }

    /** Wires the proxy; called by Dropwizard before the application's own {@code run}. */
    @Override
    public void run(C configuration, Environment environment) throws Exception {
        ProxyServerFactory server = configuration.getServerFactory() instanceof ProxyServerFactory written
                ? written
                : new ProxyServerFactory();
        Portway.Builder builder = proxy.apply(configuration).behindResources();
        builder.wiring().into(server, environment);
        if (!builder.admin()) {
            server.setAdminConnectors(List.of());
        }
        environment.jersey().register(new ResourceCall.Binder());
        server.before(environment.jersey().getResourceConfig());
        configuration.setServerFactory(server);
        server.configure(environment);
    }
}
