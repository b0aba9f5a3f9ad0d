package dev.portway.transport;

import dev.portway.config.LimitsConfig;
import dev.portway.config.TimeoutsConfig;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Server;

/** Makes the client that speaks to backends. */
public final class BackendClient {

    /** The forwarding fields that the proxy adds to a head that was just within the limit. */
    private static final int ADDED_HEADER_BYTES = 4096;

    /** A request with this attribute has met a closed connection already: the next one is looked at first. */
    public static final String SENT_AGAIN = BackendClient.class.getName() + ".sentAgain";

    private BackendClient() {}

    /** A client that adds nothing of its own to a request, follows nothing, keeps nothing; not yet started. */
    public static HttpClient create(Server server, BackendReach reach, TimeoutsConfig timeouts, LimitsConfig limits) {
        ClientConnector connector = new BackendConnector(EventLoops.of(server));

        HttpClient client = new HttpClient(new BackendTransport(connector, reach.trust(), new BackendHttp1()));
        client.setExecutor(server.getThreadPool());
        client.setScheduler(server.getScheduler());
        client.setByteBufferPool(server.getByteBufferPool());
        BackendResolver resolver = new BackendResolver(reach.names(), BackendConnector::loop);
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
