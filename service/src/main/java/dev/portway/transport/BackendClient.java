package dev.portway.transport;

import dev.portway.config.LimitsConfig;
import dev.portway.config.TimeoutsConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;

/** Makes the client that speaks to backends. */
public final class BackendClient {

    /** The forwarding fields that the proxy adds to a head that was just within the limit. */
    private static final int ADDED_HEADER_BYTES = 4096;

    private static final Duration NAME_RESOLUTION = Duration.ofSeconds(5);

    private static final ClientConnectionFactory CONNECTIONS = new HttpClientConnectionFactory();

    private BackendClient() {}

    /** A client that adds nothing of its own to a request, follows nothing, keeps nothing; not yet started. */
    public static HttpClient create(
            EventLoops loops,
            Executor executor,
            Scheduler scheduler,
            ByteBufferPool buffers,
            TimeoutsConfig timeouts,
            LimitsConfig limits) {
        ClientConnector connector = new BackendConnector(loops);
        HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector) {
            @Override
            public Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
                BackendConnection connection = new BackendConnection(endPoint, context);
                connection.setInitialize(isInitializeConnections());
                return CONNECTIONS.customize(connection, context);
            }
        };
        transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING);

        HttpClient client = new HttpClient(transport);
        client.setExecutor(executor);
        client.setScheduler(scheduler);
        client.setByteBufferPool(buffers);
        BackendResolver resolver = new BackendResolver(executor, scheduler, NAME_RESOLUTION.toMillis());
        client.setSocketAddressResolver(resolver);
        client.addBean(new BackendResolver.Memory(resolver));
        client.setName("backend-client");
        client.setUserAgentField(null);
        client.setDefaultRequestContentType(null);
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setHttpCompliance(HttpCompliance.STRICT);
        client.setConnectTimeout(EventLoops.CONNECT.toMillis());
        client.setIdleTimeout(ClientListener.millis(timeouts.pool()));
        client.setDestinationIdleTimeout(Math.max(60_000, 2 * timeouts.pool().toMillis()));
        // Requests in flight are counted per backend before they come here, so none ever waits for a connection.
        client.setMaxConnectionsPerDestination(Integer.MAX_VALUE / 2);
        client.setMaxRequestHeadersSize(limits.headerBytes() + ADDED_HEADER_BYTES);
        client.setMaxResponseHeadersSize(limits.headerBytes());
        client.setResponseBufferSize(16 * 1024);
        return client;
    }
}
