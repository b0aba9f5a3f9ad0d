package dev.portway;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.core.setup.Environment;
import org.eclipse.jetty.server.Server;

/**
 * Dropwizard's environment of one proxy, and the start of the server in it: what is the same for a process of its own and in
 * another program. Dropwizard's commands do this, too, for an application whose validator, mapper and JMX server they begin
 * before they know that nothing here asks for them.
 */
final class ProxyEnvironment {

    /** Of the service, in what Dropwizard names after it. */
    static final String NAME = "portway";

    private ProxyEnvironment() {}

    /** The environment, before anything is wired into it. */
    static Environment of(ProxyConfiguration configuration, MetricRegistry metrics) {
        Environment environment = new Environment(
                NAME,
                configuration.mapper(),
                new LateValidation(),
                metrics,
                ProxyEnvironment.class.getClassLoader(),
                new HealthCheckRegistry(),
                configuration);
        configuration.getMetricsFactory().configure(environment.lifecycle(), metrics);
        configuration.server().configure(environment);
        return environment;
    }

    /**
     * Starts a server, or stops what of it had started.
     *
     * @throws Exception why it does not start
     */
    static void begin(Server server) throws Exception {
        try {
            server.start();
        } catch (Exception failed) {
            try {
                server.stop();
            } catch (Exception alsoThis) {
                failed.addSuppressed(alsoThis);
            }
            throw failed;
        }
    }
}
