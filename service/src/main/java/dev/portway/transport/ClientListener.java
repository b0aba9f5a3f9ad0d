package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ProxyConfig;
import dev.portway.config.TlsConfig;
import java.net.InetAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** One address the proxy listens on for clients. */
public final class ClientListener extends PairedListener {

    /** The name of every connector of the proxy's side. */
    public static final String NAME = "proxy";

    private final EventLoops loops;
    private final long headMillis;
    private final boolean secure;
    private Predicate<InetAddress> admission = peer -> true; // set before it is opened

    private ClientListener(
            Server server,
            String address,
            int port,
            ProxyConfig proxy,
            @Nullable ClientListener before,
            ConnectionFactory... protocols) {
        super(server, null, 1, before, protocols);
        this.loops = EventLoops.of(server);
        this.headMillis = proxy.timeouts().header().toMillis();
        this.secure = getConnectionFactory(ClientProtocols.TLS) != null;
        setName(NAME);
        setHost(address);
        setPort(port);
        setIdleTimeout(millis(proxy.timeouts().keepAlive()));
        setReuseAddress(true);
        setAcceptQueueSize(1024);
    }

    /**
     * A listener for HTTP in clear text, not yet open.
     *
     * @param before the listener whose port this one takes if its own is 0; null for none
     */
    public static ClientListener plain(
            Server server, String address, ProxyConfig proxy, @Nullable ClientListener before) {
        return new ClientListener(server, address, proxy.port(), proxy, before, ClientProtocols.plain(proxy));
    }

    /**
     * A listener for HTTP over TLS, not yet open.
     *
     * @param before the listener whose port this one takes if its own is 0; null for none
     */
    public static ClientListener tls(
            Server server, String address, ProxyConfig proxy, TlsConfig tls, @Nullable ClientListener before) {
        return new ClientListener(server, address, tls.port(), proxy, before, ClientProtocols.tls(proxy, tls));
    }

    /** Closes connections of peers that {@code admission} does not hold for, at once; to be said before it is opened. */
    public void admitting(Predicate<InetAddress> admission) {
        this.admission = requireNonNull(admission, "admission");
    }

    /** Whether it listens for TLS. */
    public boolean secure() {
        return secure;
    }

    /** A connection is made on its loop, and runs there what it has to run. */
    @Override
    public Executor getExecutor() {
        EventLoop loop = EventLoop.current();
        return loop == null ? super.getExecutor() : loop.executor();
    }

    /** Jetty's number for a duration, zero meaning none. */
    static long millis(Duration duration) {
        return duration.isZero() ? 0 : Math.max(1, duration.toMillis());
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new Connections(executor, scheduler, selectors);
    }

    /** Gives what is accepted to the loops, and makes of it what this listener wants. Has no selectors of its own. */
    private final class Connections extends ServerConnectorManager implements LoopMember {

        Connections(Executor executor, Scheduler scheduler, int selectors) {
            super(executor, scheduler, selectors);
        }

        @Override
        protected void doStart() {
            // The loops are started by the server.
        }

        @Override
        protected void doStop() {
            // Nor stopped by one of their listeners.
        }

        @Override
        public void accept(SelectableChannel channel) {
            if (admission.test(((SocketChannel) channel).socket().getInetAddress())) {
                onAccepting(channel);
                loops.accept(channel, this);
            } else {
                IO.close(channel);
            }
        }

        @Override
        public SocketChannelEndPoint newEndPoint(SelectableChannel channel, ManagedSelector loop, SelectionKey key) {
            onAccepted(channel);
            SocketChannelEndPoint endPoint =
                    new ClientEndPoint(this, (SocketChannel) channel, loop, key, getScheduler(), headMillis, secure());
            endPoint.setIdleTimeout(getIdleTimeout());
            return endPoint;
        }

        @Override
        public void connectionFailed(SelectableChannel channel, Throwable failure, @Nullable Object attachment) {
            throw new IllegalStateException("a listener does not connect", failure);
        }

        @Override
        public void onAcceptFailed(SelectableChannel channel, Throwable failure, @Nullable Object attachment) {
            super.onAcceptFailed(channel, failure, attachment);
        }

        @Override
        public void endPointOpened(EndPoint endPoint) {
            super.endPointOpened(endPoint);
        }

        @Override
        public void endPointClosed(EndPoint endPoint) {
            super.endPointClosed(endPoint);
        }
    }
}
