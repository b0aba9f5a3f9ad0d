package dev.portway.tunnel;

import dev.portway.transport.BackendConnector;
import dev.portway.transport.EventLoop;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectableChannel;
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
import org.eclipse.jetty.util.IO;
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
    private @Nullable Try current;
    private boolean givenUp;
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

    /** Ends it, since nobody waits for its outcome any more: it has none from now on. */
    void giveUp() {
        givenUp = true;
        if (current != null) {
            current.abandon();
        }
    }

    /** Tries the next address. */
    void next() {
        if (givenUp) {
            return;
        }
        if (!addresses.hasNext()) {
            outcome.failed(lastFailure);
            return;
        }
        Map<String, Object> context = new HashMap<>();
        Try attempt = new Try(context);
        current = attempt;
        attempt.timer = connector
                .getScheduler()
                .schedule(() -> loop.execute(attempt::expired), limit.toMillis(), TimeUnit.MILLISECONDS);
        ByteBufferPool buffers = connector.getByteBufferPool();
        ClientConnectionFactory legs = (endPoint, ignored) -> new SocketLeg(endPoint, loop, buffers);
        context.put(BackendConnector.LOOP, loop);
        context.put(Transport.CONTEXT_KEY, Transport.TCP_IP);
        context.put(ClientConnectionFactory.CONTEXT_KEY, legs);
        context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, attempt);
        connector.connect(addresses.next(), context);
    }

    /** One address tried. */
    private final class Try implements Promise<Connection> {
        private final Map<String, Object> context;
        private Scheduler.@Nullable Task timer;
        private boolean over;

        Try(Map<String, Object> context) {
            this.context = context;
        }

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
            if (abandon()) {
                lastFailure = new SocketTimeoutException("not within " + limit);
                next();
            }
        }

        /** Closes what is being connected; false where that had an end already. */
        boolean abandon() {
            boolean pending = end();
            if (pending && context.get(BackendConnector.CHANNEL) instanceof SelectableChannel channel) {
                IO.close(channel);
            }
            return pending;
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
