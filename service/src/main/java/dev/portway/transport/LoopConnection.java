package dev.portway.transport;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.internal.HttpChannelState;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * A client's HTTP/1.1 connection. Jetty's goes on with the next request on a thread of the server's pool when the
 * response to the last one was completed by another thread than read the request; this one on its own loop. Confined.
 */
final class LoopConnection extends HttpConnection {

    LoopConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
        super(configuration, connector, endPoint);
    }

    @Override
    protected Executor getExecutor() {
        return EventLoop.of(getEndPoint());
    }

    @Override
    protected HttpChannel newHttpChannel(Server server, HttpConfiguration configuration) {
        EventLoop loop = EventLoop.of(getEndPoint());
        return new HttpChannelState(this) {
            @Override
            public Executor getExecutor() {
                return loop;
            }
        };
    }
}
