package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection on which TLS is agreed, and the protocol for what follows (ALPN, RFC 7301). Each step is taken by a worker,
 * since signing takes as long as a hundred requests; then the connection goes back to its loop. Confined.
 */
final class TlsHandshake extends AbstractConnection.NonBlocking {

    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshake.class);
    private static final String HTTP_1 = "http/1.1";

    private final Connector connector;
    private final SSLEngine engine;
    private final EventLoop loop;
    private final Executor workers;

    private TlsHandshake(Connector connector, EndPoint endPoint, SSLEngine engine) {
        super(endPoint, connector.getExecutor());
        this.connector = requireNonNull(connector, "connector");
        this.engine = requireNonNull(engine, "engine");
        this.loop = EventLoop.of(endPoint);
        this.workers = connector.getServer().getThreadPool();
    }

    @Override
    public void onOpen() {
        super.onOpen();
        fillInterested();
    }

    @Override
    public void onFillable() {
        try {
            workers.execute(this::step);
        } catch (RejectedExecutionException stopping) {
            getEndPoint().close(stopping);
        }
    }

    private void step() {
        try {
            int filled = getEndPoint().fill(BufferUtil.EMPTY_BUFFER);
            if (filled < 0) {
                getEndPoint().close();
            } else if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                loop.execute(this::upgrade);
            } else {
                fillInterested();
            }
        } catch (IOException | RejectedExecutionException e) {
            LOG.debug("no TLS with {}: {}", getEndPoint().getRemoteSocketAddress(), e.getMessage());
            getEndPoint().close(e);
        }
    }

    private void upgrade() {
        String agreed = engine.getApplicationProtocol();
        String protocol = Http2Connections.TLS.equals(agreed) ? agreed : HTTP_1;
        getEndPoint()
                .upgrade(requireNonNull(connector.getConnectionFactory(protocol))
                        .newConnection(connector, getEndPoint()));
    }

    /** The best of what the client offers; null where there is none, which ends the handshake with an alert. */
    private static @Nullable String choose(SSLEngine engine, List<String> offered) {
        SSLSession session = engine.getHandshakeSession();
        boolean strong = session == null || !HTTP2Cipher.isBlackListCipher(session.getCipherSuite());
        if (strong && offered.contains(Http2Connections.TLS)) {
            return Http2Connections.TLS;
        }
        return offered.contains(HTTP_1) ? HTTP_1 : null;
    }

    /** Makes them. */
    static final class Factory extends AbstractConnectionFactory {

        static final String PROTOCOL = "alpn";

        Factory() {
            super(PROTOCOL);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            SSLEngine engine =
                    ((SslConnection.SslEndPoint) endPoint).getSslConnection().getSSLEngine();
            engine.setHandshakeApplicationProtocolSelector(TlsHandshake::choose);
            return configure(new TlsHandshake(connector, endPoint, engine), connector, endPoint);
        }
    }
}
