package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TargetUrl;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/** Opens one connection to a backend, at whichever of its addresses answers first when asked in turn. Confined. */
final class Http1Dial implements Promise<Connection> {

    private final BackendConnector connector;
    private final LoopBackend to;
    private final ClientConnectionFactory connections;
    private final Promise<Http1Connection> outcome;
    private Transport transport = Transport.TCP_IP;
    private Iterator<? extends SocketAddress> addresses =
            List.<SocketAddress>of().iterator();
    private @Nullable SelectableChannel channel; // of the connection that is being made
    private boolean over;
    private Throwable lastFailure = new UnknownHostException("the name has no address");

    /** @param outcome told on the loop of {@code to} */
    Http1Dial(
            BackendConnector connector,
            LoopBackend to,
            ClientConnectionFactory connections,
            Promise<Http1Connection> outcome) {
        this.connector = requireNonNull(connector, "connector");
        this.to = requireNonNull(to, "to");
        this.connections = to.apply(connections);
        this.outcome = requireNonNull(outcome, "outcome");
    }

    void begin(BackendResolver resolver) {
        TargetUrl url = to.backend().identity().url();
        if (url.local()) {
            Transport.TCPUnix socket = new Transport.TCPUnix(Path.of(url.host()));
            transport = socket;
            addresses = List.of(requireNonNull(socket.getSocketAddress())).iterator();
            next();
            return;
        }
        resolver.resolve(url.host(), url.port(), context(), Promise.from(this::at, outcome::failed));
    }

    private void at(List<InetSocketAddress> found) {
        addresses = found.iterator();
        next();
    }

    private void next() {
        if (over || !addresses.hasNext()) {
            over = true;
            outcome.failed(lastFailure);
            return;
        }
        Map<String, Object> context = context();
        context.put(Transport.CONTEXT_KEY, transport);
        context.put(ClientConnectionFactory.CONTEXT_KEY, connections);
        context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, this);
        connector.connect(addresses.next(), context);
        channel = (SelectableChannel) context.get(BackendConnector.CHANNEL);
    }

    /**
     * Makes no connection any more: one that a firewall swallows would else hold its socket for a minute, long after the
     * request has been answered and others have come.
     */
    void giveUp() {
        if (over) {
            return;
        }
        over = true;
        if (channel != null) {
            // To the loop, what waits for the connection is an attachment that ends with it, timer and all.
            SelectionKey key = channel.keyFor(to.loop().getSelector());
            IO.close(key != null && key.attachment() instanceof Closeable waiting ? waiting : channel);
        }
    }

    private Map<String, Object> context() {
        Map<String, Object> context = new HashMap<>();
        context.put(BackendConnector.LOOP, to.loop());
        return context;
    }

    @Override
    public void succeeded(Connection connection) {
        over = true;
        outcome.succeeded((Http1Connection) connection);
    }

    /** Told by the loop outside of any turn, or by the timer. */
    @Override
    public void failed(Throwable failure) {
        to.loop().execute(() -> {
            lastFailure = failure;
            next();
        });
    }
}
