package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.cli.ProxyStarter;
import dev.portway.cli.RunningProxy;
import dev.portway.cli.StartRequest;
import dev.portway.health.DnsClient;
import dev.portway.health.NameLookup;
import dev.portway.routing.RouteRegistry;
import dev.portway.server.ProxyServerFactory;
import dev.portway.transport.ClientListener;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts proxies, as a process of its own is one. Thread-safe. */
final class ApplicationStarter implements ProxyStarter {

    private static final Logger LOG = LoggerFactory.getLogger(ApplicationStarter.class);

    private final Consumer<RouteRegistry> onStart;
    private final Function<DnsClient, NameLookup> names;

    /**
     * A starter.
     *
     * @param onStart given the routes of each proxy that has started
     */
    ApplicationStarter(Consumer<RouteRegistry> onStart) {
        this(onStart, NameLookup::new);
    }

    /** @param names what each proxy looks names up with, and stops */
    ApplicationStarter(Consumer<RouteRegistry> onStart, Function<DnsClient, NameLookup> names) {
        this.names = requireNonNull(names, "names");
        this.onStart = requireNonNull(onStart, "onStart");
    }

    @Override
    public Running start(StartRequest request) throws Exception {
        ProcessServer started = ProcessServer.start(request, names);
        onStart.accept(started.routes());
        started.addGaugesOfJava();
        return new Running(started.server());
    }

    /** A started proxy. */
    static final class Running implements RunningProxy {
        private final Server server;

        Running(Server server) {
            this.server = requireNonNull(server, "server");
        }

        /** Where it takes requests, the plain listener first. */
        static List<URI> urls(Server server) {
            Running running = new Running(server);
            return Stream.of(false, true)
                    .flatMap(secure ->
                            running.listener(secure).map(listener -> url(secure ? "https" : "http", listener)).stream())
                    .toList();
        }

        @Override
        public URI proxyUrl() {
            return url("http", listener(false).orElseThrow());
        }

        @Override
        public Optional<URI> tlsUrl() {
            return listener(true).map(listener -> url("https", listener));
        }

        @Override
        public URI adminUrl() {
            return url(
                    "http",
                    connectors(NetworkConnector.class)
                            .filter(connector -> ProxyServerFactory.ADMIN.equals(connector.getName()))
                            .findFirst()
                            .orElseThrow());
        }

        /** Of connections that are idle when it stops: how long a request may still come in on them, in milliseconds. */
        void idleAtStop(long millis) {
            connectors(AbstractConnector.class).forEach(connector -> connector.setShutdownIdleTimeout(millis));
        }

        @Override
        public void awaitStop() throws InterruptedException {
            server.join();
        }

        @Override
        public void close() throws Exception {
            try {
                server.stop();
            } catch (TimeoutException cutOff) {
                // What was in flight has had its time (timeouts.shutdown); the server has stopped all the same.
                LOG.info("stopped, with requests in flight cut off");
            }
        }

        private Optional<ClientListener> listener(boolean secure) {
            return connectors(ClientListener.class)
                    .filter(listener -> listener.secure() == secure)
                    .findFirst();
        }

        private <T> Stream<T> connectors(Class<T> type) {
            return Arrays.stream(server.getConnectors())
                    .filter(type::isInstance)
                    .map(type::cast);
        }

        private static URI url(String scheme, NetworkConnector connector) {
            String host = connector.getHost();
            boolean anywhere = host == null || host.equals("0.0.0.0") || host.equals("::") || host.equals("127.0.0.1");
            String name6 = host != null && host.indexOf(':') >= 0 ? "[" + host + "]" : host;
            return URI.create(scheme + "://" + (anywhere ? "localhost" : name6) + ":" + connector.getLocalPort());
        }
    }
}
