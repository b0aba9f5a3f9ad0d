package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.config.Cidr;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory.ProxyEndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of which not a byte is known yet. Its first ones are looked at, and left where they are for what takes its
 * place:
 *
 * <ol>
 *   <li>from a proxy that is trusted to say so, whose connection it is (PROXY protocol);
 *   <li>whether it is TLS: if so on a listener for clear text, it ends with an alert, which clients report as what it is;
 *       if not on a listener for TLS, it goes on in clear text, so that a handler can answer that it should not.
 * </ol>
 *
 * Confined.
 */
final class Opening extends AbstractConnection.NonBlocking {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private static final int TLS_HANDSHAKE = 22;
    private static final int FIRST_BYTES = 1;

    /** A fatal alert, handshake_failure (RFC 8446, section 6). */
    private static final byte[] ALERT = {21, 3, 3, 0, 2, 2, 40};

    private final Connector connector;
    private final ClientEndPoint socket;
    private final @Nullable ConnectionFactory tls;
    private final Callback onMore = new Callback() {
        @Override
        public void succeeded() {
            onFillable();
        }

        @Override
        public void failed(Throwable failure) {
            onFillInterestedFailed(failure);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    };
    private EndPoint endPoint;
    private boolean announced;
    private boolean refused;

    private Opening(Connector connector, ClientEndPoint socket, @Nullable ConnectionFactory tls, boolean announced) {
        super(socket, connector.getExecutor());
        this.connector = requireNonNull(connector, "connector");
        this.socket = socket;
        this.endPoint = socket;
        this.tls = tls;
        this.announced = announced;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        socket.awaitMore(onMore);
    }

    @Override
    public void onFillable() {
        ByteBuffer first = socket.lookAhead(announced ? ProxyHeader.MAX_BYTES : FIRST_BYTES);
        if (first == null) {
            close();
            return;
        }
        if (refused) {
            first.position(first.limit());
        }
        try {
            if (announced && first.hasRemaining() && !proxyHeaderIsIn(first)) {
                socket.awaitMore(onMore);
            } else if (first.hasRemaining()) {
                begin(first.get(first.position()) == TLS_HANDSHAKE);
            } else {
                socket.awaitMore(onMore);
            }
        } catch (ProxyHeader.MalformedException e) {
            LOG.warn(
                    "the trusted proxy {} began a connection with a malformed PROXY header: {}",
                    socket.getRemoteSocketAddress(),
                    e.getMessage());
            close();
        }
    }

    /** Whether what comes next is no part of the header any more. */
    private boolean proxyHeaderIsIn(ByteBuffer first) throws ProxyHeader.MalformedException {
        if (!ProxyHeader.mayBegin(first)) {
            announced = false;
            return true;
        }
        ProxyHeader header = ProxyHeader.parse(first);
        if (header == null) {
            return false;
        }
        first.position(first.position() + header.length());
        SocketAddress client = header.client();
        if (client != null) {
            endPoint = new ProxyEndPoint(socket, header.server(), client);
        }
        announced = false;
        return true;
    }

    private void begin(boolean secure) {
        if (secure && tls == null) {
            refuse();
            return;
        }
        ConnectionFactory next = secure ? tls : connector.getConnectionFactory(HttpVersion.HTTP_1_1.asString());
        endPoint.upgrade(requireNonNull(next).newConnection(connector, endPoint));
    }

    /** Says so, and waits until the client has heard: it might not, were the connection closed before it had said all. */
    private void refuse() {
        LOG.info(
                "the client {} began with TLS on the port for clear text (http://), {}",
                endPoint.getRemoteSocketAddress(),
                socket.getLocalSocketAddress());
        refused = true;
        try {
            socket.flush(ByteBuffer.wrap(ALERT));
            socket.shutdownOutput();
            socket.awaitMore(onMore);
        } catch (IOException e) {
            close();
        }
    }

    /** Makes them. */
    static final class Factory extends AbstractConnectionFactory {

        private final List<Cidr> announcers;

        /**
         * For one listener.
         *
         * @param announcers who may begin with the header of the PROXY protocol
         */
        Factory(List<Cidr> announcers) {
            super("opening");
            this.announcers = List.copyOf(announcers);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            ClientEndPoint socket = (ClientEndPoint) endPoint;
            ConnectionFactory tls = connector.getConnectionFactory(ClientProtocols.TLS);
            boolean announced = mayAnnounce(socket.getRemoteSocketAddress());
            return configure(new Opening(connector, socket, tls, announced), connector, endPoint);
        }

        private boolean mayAnnounce(@Nullable SocketAddress peer) {
            for (Cidr block : announcers) {
                if (peer instanceof InetSocketAddress inet && block.contains(inet.getAddress())) {
                    return true;
                }
            }
            return false;
        }
    }
}
