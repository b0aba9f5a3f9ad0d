package dev.portway.server;

import static java.util.Objects.requireNonNull;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portway.config.AdminConfig;
import dev.portway.config.ProxyConfig;
import dev.portway.config.TlsConfig;
import dev.portway.transport.ClientListener;
import dev.portway.transport.EventLoops;
import dev.portway.transport.ListenAddresses;
import dev.portway.transport.LoopBuffers;
import dev.portway.transport.PairedListener;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.AdminEnvironment;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.MutableServletContextHandler;
import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import io.dropwizard.request.logging.RequestLogFactory;
import io.dropwizard.util.Duration;
import jakarta.servlet.Servlet;
import jakarta.validation.Validator;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.glassfish.jersey.server.ResourceConfig;
import org.jspecify.annotations.Nullable;

/**
 * Dropwizard's server with the proxy in the place of the application: the handler chain on the proxy's listeners, and
 * Dropwizard's admin side, guarded and on threads of its own, on the admin's. The default of {@code server}; its other
 * settings are Dropwizard's. Confined to the thread that starts the proxy.
 */
@JsonTypeName("portway")
public final class ProxyServerFactory extends DefaultServerFactory {

    /** The name of every connector of the admin side. */
    public static final String ADMIN = "admin";

    private static final long ADMIN_IDLE_MILLIS = 30_000;
    private static final int ADMIN_SELECTORS = 1;

    private @Nullable Mount mount;
    private @Nullable ResourceConfig own;
    private boolean requestLogWritten;

    public ProxyServerFactory() {
        getGzipFilterFactory().setEnabled(false);
    }

    /** Says what to serve, before the server is built. */
    public void mount(Mount mount) {
        this.mount = requireNonNull(mount, "mount");
        ProxyConfig proxy = mount.proxy();
        setShutdownGracePeriod(Duration.milliseconds(proxy.timeouts().shutdown().toMillis()));
        setApplicationConnectors(clientListeners(proxy));
        setAdminConnectors(adminListeners(proxy.admin()));
    }

    /** Has the resources of the program around the proxy answer on the proxy's listeners, for the paths that they have. */
    public void before(ResourceConfig resources) {
        this.own = requireNonNull(resources, "resources");
    }

    @Override
    public Server build(Environment environment) {
        Server server = super.build(environment);
        ClientListener[] listeners = server.getBeans(ClientListener.class).toArray(ClientListener[]::new);
        for (ClientListener listener : listeners) {
            listener.admitting(mount().admission());
        }
        server.addBean(new NetworkConnectionLimit(mount().proxy().limits().connections(), listeners));
        server.setErrorHandler(mount().chain().errors());
        return server;
    }

    /** As Dropwizard's, but all handlers are said not to block: those that do have threads of their own. */
    @Override
    protected Server buildServer(LifecycleEnvironment lifecycle, ThreadPool threadPool) {
        Server server = new Server(threadPool, null, new LoopBuffers()) {
            @Override
            public InvocationType getInvocationType() {
                return InvocationType.NON_BLOCKING;
            }
        };
        server.addEventListener(buildSetUIDListener());
        lifecycle.attach(server);
        server.setStopAtShutdown(true);
        server.setStopTimeout(getShutdownGracePeriod().toMilliseconds());
        server.setDumpAfterStart(getDumpAfterStart());
        server.setDumpBeforeStop(getDumpBeforeStop());
        int loops = mount().proxy().limits().eventLoops();
        server.addBean(new EventLoops(threadPool, server.getScheduler(), loops));
        return server;
    }

    @Override
    protected Handler createAppServlet(
            Server server,
            JerseyEnvironment jersey,
            ObjectMapper objectMapper,
            Validator validator,
            MutableServletContextHandler handler,
            @Nullable Servlet jerseyContainer,
            MetricRegistry metricRegistry) {
        Handler chain = mount().chain().first();
        if (own == null) {
            return chain;
        }
        Handler servlets = super.createAppServlet(
                server, jersey, objectMapper, validator, handler, jerseyContainer, metricRegistry);
        Handler resources = AdminDispatch.before(new HandingOver(servlets, chain), server.getThreadPool());
        return new OwnResources(own, new GracefulHandler(resources), chain);
    }

    @Override
    protected Handler createAdminServlet(
            Server server,
            MutableServletContextHandler handler,
            MetricRegistry metrics,
            HealthCheckRegistry healthChecks,
            AdminEnvironment admin) {
        Handler servlets = super.createAdminServlet(server, handler, metrics, healthChecks, admin);
        return new GracefulHandler(mount().guard().apply(AdminDispatch.before(servlets)));
    }

    /** None before everything: the proxy's side waits for its exchanges by itself, and counts each of them once. */
    @Override
    protected Handler addGracefulHandler(Handler handler) {
        return handler;
    }

    @Override
    public synchronized void setRequestLogFactory(RequestLogFactory<?> requestLog) {
        requestLogWritten = true;
        super.setRequestLogFactory(requestLog);
    }

    /** Dropwizard's own request log only where it is asked for: the proxy has one. */
    @Override
    protected void addRequestLog(Server server, String name, MutableServletContextHandler servletContextHandler) {
        if (requestLogWritten) {
            super.addRequestLog(server, name, servletContextHandler);
        }
    }

    @Override
    protected void printBanner(String name) {
        // One line when the listeners are open says more.
    }

    private Mount mount() {
        return requireNonNull(mount, "mount: expected to be set before the server is built");
    }

    private static List<ConnectorFactory> clientListeners(ProxyConfig proxy) {
        List<ConnectorFactory> factories = new ArrayList<>();
        ClientListener[] plain = new ClientListener[1];
        ClientListener[] secure = new ClientListener[1];
        TlsConfig tls = proxy.tls();
        for (String address : ListenAddresses.of(proxy.host())) {
            factories.add((server, metrics, name, threads) ->
                    plain[0] = ClientListener.plain(server, address, proxy, plain[0]));
            if (tls != null) {
                factories.add((server, metrics, name, threads) ->
                        secure[0] = ClientListener.tls(server, address, proxy, tls, secure[0]));
            }
        }
        return factories;
    }

    private static List<ConnectorFactory> adminListeners(AdminConfig admin) {
        List<ConnectorFactory> factories = new ArrayList<>();
        PairedListener[] before = new PairedListener[1];
        for (String address : ListenAddresses.of(admin.host())) {
            factories.add((server, metrics, name, threads) -> {
                HttpConfiguration http = new HttpConfiguration();
                http.setHttpCompliance(HttpCompliance.STRICT);
                http.setHeaderCacheSize(0); // docs/decisions/079
                http.setSendServerVersion(false);
                PairedListener listener = new PairedListener(
                        server, threads, ADMIN_SELECTORS, before[0], new HttpConnectionFactory(http));
                listener.setName(ADMIN);
                listener.setHost(address);
                listener.setPort(admin.port());
                listener.setIdleTimeout(ADMIN_IDLE_MILLIS);
                before[0] = listener;
                return listener;
            });
        }
        return factories;
    }

    /**
     * What the server serves.
     *
     * @param proxy where to listen, and within what limits
     * @param chain on the proxy's listeners
     * @param admission of the addresses that connect to these
     * @param guard put before all of the admin side
     */
    public record Mount(
            ProxyConfig proxy, HandlerChain chain, Predicate<InetAddress> admission, UnaryOperator<Handler> guard) {

        public Mount {
            requireNonNull(proxy, "proxy");
            requireNonNull(chain, "chain");
            requireNonNull(admission, "admission");
            requireNonNull(guard, "guard");
        }
    }
}
