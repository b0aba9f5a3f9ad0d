package dev.portway.tunnel;

import dev.portway.transport.BackendConnector;
import dev.portway.transport.EventLoop;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Makes a connection to the first of several addresses that answers, each within the time limit, on the event loop of the
 * client that it is for. Confined to that loop.
 */
final class Dial {

    private final BackendConnector connector;
    private final EventLoop loop;
    private final Duration limit;
    private final Promise<SocketLeg> outcome;
    private final Iterator<InetSocketAddress> addresses;
    private Throwable lastFailure = new ConnectException("no address");

    Dial(
            BackendConnector connector,
            EventLoop loop,
            List<InetSocketAddress> addresses,
            Duration limit,
            Promise<SocketLeg> outcome) {
        this.connector = connector;
        this.loop = loop;
        this.addresses = addresses.iterator();
        this.limit = limit;
        this.outcome = outcome;
    }

    /** Tries the next address. */
    void next() {
        if (!addresses.hasNext()) {
            outcome.failed(lastFailure);
            return;
        }
        Try attempt = new Try();
        attempt.timer = connector
                .getScheduler()
                .schedule(() -> loop.execute(attempt::expired), limit.toMillis(), TimeUnit.MILLISECONDS);
        ByteBufferPool buffers = connector.getByteBufferPool();
        ClientConnectionFactory legs = (endPoint, context) -> new SocketLeg(endPoint, loop, buffers);
        Map<String, Object> context = new HashMap<>();
        context.put(BackendConnector.LOOP, loop);
        context.put(Transport.CONTEXT_KEY, Transport.TCP_IP);
        context.put(ClientConnectionFactory.CONTEXT_KEY, legs);
        context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, attempt);
        connector.connect(addresses.next(), context);
    }

    /** One address tried. */
    private final class Try implements Promise<Connection> {
        private Scheduler.@Nullable Task timer;
        private boolean over;

        @Override
        public void succeeded(Connection connection) {
            if (end()) {
                outcome.succeeded((SocketLeg) connection);
            } else {
                connection.close();
            }
        }

        @Override
        public void failed(Throwable failure) {
            if (end()) {
                lastFailure = failure;
                next();
            }
        }

        void expired() {
            failed(new SocketTimeoutException("not within " + limit));
        }

        private boolean end() {
            boolean first = !over;
            over = true;
            if (first && timer != null) {
                timer.cancel();
            }
            return first;
        }
    }
}
