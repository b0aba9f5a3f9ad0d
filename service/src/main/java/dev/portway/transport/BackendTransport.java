package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TargetUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.client.MultiplexConnectionPool;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Chooses how a backend is spoken to, by its target's scheme: which protocol, over which kind of socket, with whose trust.
 * Every request has a {@link BackendTag} that names its backend, so two backends at one address share no connection. Thread-safe.
 */
final class BackendTransport extends HttpClientTransportDynamic {

    static final String HTTP_1 = "http/1.1";
    private static final String HTTP_2 = "h2";
    private static final String HTTP_2_CLEAR = "h2c";

    private static final Origin.Protocol PLAIN = new Origin.Protocol(List.of(HTTP_1), false);
    private static final Origin.Protocol PLAIN_2 = new Origin.Protocol(List.of(HTTP_2_CLEAR), false);
    private static final Origin.Protocol EITHER = new Origin.Protocol(List.of(HTTP_2, HTTP_1), true);
    private static final Origin.Protocol ONLY_1 = new Origin.Protocol(List.of(HTTP_1), true);
    private static final Origin.Protocol ONLY_2 = new Origin.Protocol(List.of(HTTP_2), true);

    /** Requests that wait for one new connection together, where it is known that it can take several. */
    private static final int SHARE = 64;

    private final BackendTrust trust;

    /** @param http1 makes connections for HTTP/1.1 */
    BackendTransport(ClientConnector connector, BackendTrust trust, ClientConnectionFactory.Info http1) {
        // The first one serves where a backend agrees to nothing by ALPN.
        super(connector, http1, new Http2(connector));
        this.trust = requireNonNull(trust, "trust");
        setInvocationType(Invocable.InvocationType.NON_BLOCKING);
        setConnectionPoolFactory(destination -> {
            int most = destination.getHttpClient().getMaxConnectionsPerDestination();
            Origin.Protocol protocol = destination.getOrigin().getProtocol();
            if (PLAIN.equals(protocol) || ONLY_1.equals(protocol)) {
                return new DuplexConnectionPool(destination, most);
            }
            return new MultiplexConnectionPool(destination, most, EITHER.equals(protocol) ? 1 : SHARE);
        });
    }

    @Override
    public Origin newOrigin(Request request) {
        BackendTag tag = (BackendTag) request.getTag();
        TargetUrl url = tag.url();
        return switch (url.scheme()) {
            case "unix" -> new Origin("http", new Origin.Address("localhost", 80), tag, PLAIN, socket(url));
            case "h2c" -> origin("http", url, tag, PLAIN_2);
            case "h2" -> origin("https", url, tag, ONLY_2);
            // What is to be upgraded takes a whole connection along, which only HTTP/1.1 can give.
            case "https" ->
                origin("https", url, tag, request.getHeaders().contains(HttpHeader.UPGRADE) ? ONLY_1 : EITHER);
            default -> origin("http", url, tag, PLAIN);
        };
    }

    private static Transport socket(TargetUrl url) {
        return new Transport.TCPUnix(Path.of(url.host()));
    }

    private static Origin origin(String scheme, TargetUrl url, BackendTag tag, Origin.Protocol protocol) {
        return new Origin(scheme, new Origin.Address(url.host(), url.port()), tag, protocol, Transport.TCP_IP);
    }

    @Override
    public Destination newDestination(Origin origin) {
        BackendTag tag = (BackendTag) origin.getTag();
        return new BackendDestination(
                getHttpClient(), origin, trust.of(tag.backend().identity().tls()));
    }

    @Override
    public Connection newConnection(EndPoint endPoint, Map<String, Object> context) throws IOException {
        Destination destination = (Destination) requireNonNull(context.get(Destination.CONTEXT_KEY), "destination");
        boolean agreed = HTTP_2.equals(context.get(ClientConnector.APPLICATION_PROTOCOL_CONTEXT_KEY));
        if (ONLY_2.equals(destination.getOrigin().getProtocol()) && !agreed) {
            throw new SSLHandshakeException("it does not agree to HTTP/2");
        }
        return super.newConnection(endPoint, context);
    }

    private static final class Http2 extends ClientConnectionFactory.Info {

        Http2(ClientConnector connector) {
            super(new BackendHttp2(connector));
        }

        @Override
        public List<String> getProtocols(boolean secure) {
            return secure ? List.of(HTTP_2) : List.of(HTTP_2_CLEAR);
        }
    }
}
