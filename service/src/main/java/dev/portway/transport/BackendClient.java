package dev.portway.transport;

import dev.portway.config.LimitsConfig;
import dev.portway.config.TargetUrl;
import dev.portway.config.TimeoutsConfig;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.component.ContainerLifeCycle;

/**
 * Sends requests to backends, each by the loop of its exchange: plain HTTP/1.1 itself, all else by Jetty's client, which adds
 * nothing of its own to a request, follows nothing, keeps nothing. Thread-safe.
 */
public final class BackendClient extends ContainerLifeCycle {

    /** The forwarding fields that the proxy adds to a head that was just within the limit. */
    private static final int ADDED_HEADER_BYTES = 4096;

    private final HttpClient jetty;
    private final BackendConnector connector;
    private final BackendResolver resolver;
    private final int headerBytes;
    private final long poolMillis;

    /** Each confined to the loop of its key, as are the changes of its entry. */
    private final Map<LoopBackend, Http1Pool> pools = new ConcurrentHashMap<>();

    /** A client that is part of {@code server}; not yet started. */
    public BackendClient(Server server, BackendReach reach, TimeoutsConfig timeouts, LimitsConfig limits) {
        this.connector = new BackendConnector(EventLoops.of(server));
        this.resolver = new BackendResolver(reach.names(), BackendConnector::loop);
        this.headerBytes = limits.headerBytes();
        this.poolMillis = ClientListener.millis(timeouts.pool());
        this.jetty = new HttpClient(new BackendTransport(connector, reach.trust(), new BackendHttp1()));
        jetty.setExecutor(server.getThreadPool());
        jetty.setScheduler(server.getScheduler());
        jetty.setByteBufferPool(server.getByteBufferPool());
        jetty.setSocketAddressResolver(resolver);
        jetty.addBean(new BackendResolver.Memory(resolver));
        jetty.setName("backend-client");
        jetty.setUserAgentField(null);
        jetty.setDefaultRequestContentType(null);
        jetty.setFollowRedirects(false);
        jetty.setHttpCookieStore(new HttpCookieStore.Empty());
        jetty.setHttpCompliance(HttpCompliance.STRICT);
        jetty.setConnectTimeout(EventLoops.CONNECT.toMillis());
        jetty.setIdleTimeout(poolMillis);
        jetty.setDestinationIdleTimeout(Math.max(60_000, 2 * timeouts.pool().toMillis()));
        // Requests in flight are counted per backend before they come here, so none ever waits for a connection.
        jetty.setMaxConnectionsPerDestination(Integer.MAX_VALUE / 2);
        jetty.setMaxRequestHeadersSize(limits.headerBytes() + ADDED_HEADER_BYTES);
        jetty.setMaxResponseHeadersSize(limits.headerBytes());
        jetty.setResponseBufferSize(16 * 1024);
        installBean(jetty);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        jetty.getContentDecoderFactories().clear();
        jetty.getProtocolHandlers().clear();
    }

    /**
     * A call that has yet to begin, on the loop of {@code to}.
     *
     * @param listener told, on that loop, what comes of it
     */
    public BackendCall call(LoopBackend to, BackendRequest request, BackendCall.Listener listener) {
        TargetUrl url = to.backend().identity().url();
        return url.local() || url.scheme().equals("http")
                ? new Http1Call(this, to, request, listener)
                : new JettyCall(jetty, to, request, listener);
    }

    /** Finds or opens the connection that {@code call} goes by. */
    void connect(LoopBackend to, Http1Call call) {
        Http1Connection idle = pool(to).take(!call.request().repeatable());
        if (idle != null) {
            call.connected(idle);
            return;
        }
        Http1Pool pool = pool(to); // another one, if the last connection of the first was unfit
        pool.opening();
        Http1Dial dial = new Http1Dial(connector, to, connections(to, pool), new Opening(pool, call));
        call.connecting(dial);
        dial.begin(resolver);
    }

    private Http1Pool pool(LoopBackend to) {
        return pools.computeIfAbsent(to, key -> new Http1Pool(() -> pools.remove(key)));
    }

    private ClientConnectionFactory connections(LoopBackend to, Http1Pool pool) {
        return (endPoint, context) -> {
            endPoint.setIdleTimeout(poolMillis);
            return new Http1Connection(endPoint, to.loop(), pool, connector.getByteBufferPool(), headerBytes);
        };
    }

    /** A connection that is being opened for a call, which may have ended just before it is there. */
    private final class Opening implements Promise<Http1Connection> {
        private final Http1Pool pool;
        private final Http1Call call;

        Opening(Http1Pool pool, Http1Call call) {
            this.pool = pool;
            this.call = call;
        }

        @Override
        public void succeeded(Http1Connection connection) {
            if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote) {
                resolver.connected(remote);
            }
            if (call.ended()) {
                connection.close();
            } else {
                call.connected(connection);
            }
        }

        @Override
        public void failed(Throwable failure) {
            pool.notOpened();
            call.fail(failure);
        }
    }
}
