package dev.portway.transport;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.HTTP2ClientConnectionFactory;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.http2.client.transport.internal.HTTPSessionListenerPromise;
import org.eclipse.jetty.http2.client.transport.internal.HttpConnectionOverHTTP2;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.HostPort;

/**
 * HTTP/2 to backends. Differs from Jetty's in that a connection's tasks run on its event loop, and that a request's
 * {@code Host} becomes its {@code :authority} (RFC 9113, section 8.3.1), not the address it is sent to. Thread-safe.
 */
final class BackendHttp2 extends ClientConnectionFactoryOverHTTP2 {

    /** What a backend may send of one response before anybody has taken it. */
    private static final int STREAM_WINDOW = 128 * 1024;

    /** Responses that nobody takes use up the connection's window for the others; of these there may be 255. */
    private static final int SESSION_WINDOW = 256 * STREAM_WINDOW;

    private final ClientConnectionFactory connections = new HTTP2ClientConnectionFactory();
    private final HTTP2Client client;

    BackendHttp2(ClientConnector connector) {
        this(new LoopClient(connector));
    }

    private BackendHttp2(HTTP2Client client) {
        super(client);
        this.client = client;
        client.setInitialStreamRecvWindow(STREAM_WINDOW);
        client.setInitialSessionRecvWindow(SESSION_WINDOW);
        client.setMaxConcurrentPushedStreams(0);
    }

    @Override
    public org.eclipse.jetty.io.Connection newConnection(EndPoint endPoint, Map<String, Object> context)
            throws IOException {
        Opening opening = new Opening(context);
        context.put(HTTP2Client.CONTEXT_KEY, client);
        context.put(HTTP2Client.SESSION_LISTENER_CONTEXT_KEY, opening);
        context.put(HTTP2Client.SESSION_PROMISE_CONTEXT_KEY, opening);
        return connections.newConnection(endPoint, context);
    }

    /** Connections are made on their loops, and take their executor then. */
    private static final class LoopClient extends HTTP2Client {

        LoopClient(ClientConnector connector) {
            super(connector);
        }

        @Override
        public Executor getExecutor() {
            EventLoop loop = EventLoop.current();
            return loop == null ? super.getExecutor() : loop;
        }
    }

    private static final class Opening extends HTTPSessionListenerPromise {

        Opening(Map<String, Object> context) {
            super(context);
        }

        @Override
        protected Connection newConnection(Destination destination, Session session, HTTP2Connection connection) {
            return new Streams(destination, session, connection);
        }
    }

    private static final class Streams extends HttpConnectionOverHTTP2 {

        Streams(Destination destination, Session session, HTTP2Connection connection) {
            super(destination, session, connection);
        }

        @Override
        protected void normalizeRequest(HttpRequest request) {
            super.normalizeRequest(request);
            request.idleTimeout(0, TimeUnit.MILLISECONDS); // an exchange has limits of its own, a stream has none
            String host = request.getHeaders().get(HttpHeader.HOST);
            if (host != null && !host.isEmpty()) {
                HostPort authority = new HostPort(host);
                request.host(authority.getHost()).port(authority.getPort());
            }
            request.headers(fields -> fields.remove(HttpHeader.HOST));
        }
    }
}
