package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.config.LimitsConfig;
import dev.portway.config.TimeoutsConfig;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** One address the proxy listens on for clients. */
public final class ClientListener extends PairedListener {

    /** The name of every connector of the proxy's side. */
    public static final String NAME = "proxy";

    /**
     * What may stand in a path although Jetty thinks it ambiguous or wrong. Matching sees the path normalised by
     * {@code RequestPath}, to which each of these means one thing, and what is forwarded keeps the client's own escapes:
     * so a backend that reads them otherwise decides only for itself.
     */
    private static final UriCompliance PATHS = UriCompliance.RFC3986.with(
            "portway",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEGMENT, // /a/%2e%2e/b: resolved like /a/../b
            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT, // /a//b: three segments
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR, // /a%2Fb: one segment
            UriCompliance.Violation.AMBIGUOUS_PATH_PARAMETER, // /a/..;x/b: a segment called "..;x"
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING, // /a%25b: an escaped percent sign
            UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS, // /a%5Cb: forwarded as it is
            UriCompliance.Violation.ILLEGAL_PATH_CHARACTERS, // /a|b: what browsers send unescaped
            UriCompliance.Violation.BAD_PERCENT_ENCODING, // RequestPath refuses these itself
            UriCompliance.Violation.BAD_UTF8_ENCODING, // /a%FF: bytes, not text
            UriCompliance.Violation.TRUNCATED_UTF8_ENCODING, // /a%C3: bytes, not text
            UriCompliance.Violation.UTF16_ENCODINGS); // /a%u0041: refused by RequestPath as a broken escape

    private final EventLoops loops;
    private final long headMillis;

    /**
     * A listener, not yet open.
     *
     * @param host an address
     * @param port 0 for a free one
     * @param loops that its connections are given to
     * @param before the listener whose port this one takes if its own is 0; null for none
     */
    public ClientListener(
            Server server,
            String host,
            int port,
            EventLoops loops,
            TimeoutsConfig timeouts,
            LimitsConfig limits,
            @Nullable ClientListener before) {
        super(server, null, 1, new LoopConnections(http(limits)), before);
        this.loops = requireNonNull(loops, "loops");
        this.headMillis = timeouts.header().toMillis();
        setName(NAME);
        setHost(host);
        setPort(port);
        setIdleTimeout(millis(timeouts.keepAlive()));
        setReuseAddress(true);
        setAcceptQueueSize(1024);
    }

    private static HttpConfiguration http(LimitsConfig limits) {
        HttpConfiguration http = new HttpConfiguration();
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(PATHS);
        http.setRequestHeaderSize(limits.headerBytes());
        http.setResponseHeaderSize(limits.headerBytes());
        http.setMaxResponseHeaderSize(limits.headerBytes() + 4096);
        http.setSendServerVersion(false);
        http.setSendDateHeader(false); // the backend's, or added where it has none
        return http;
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
            onAccepting(channel);
            loops.accept(channel, this);
        }

        @Override
        public SocketChannelEndPoint newEndPoint(SelectableChannel channel, ManagedSelector loop, SelectionKey key) {
            onAccepted(channel);
            SocketChannelEndPoint endPoint =
                    new ClientEndPoint(this, (SocketChannel) channel, loop, key, getScheduler(), headMillis);
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

    /** HTTP/1.1 on a loop. */
    private static final class LoopConnections extends HttpConnectionFactory {

        LoopConnections(HttpConfiguration configuration) {
            super(configuration);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            return configure(new LoopConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
        }
    }
}
