package dev.portway.transport;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A client's connection over TLS, on a loop, whose socket it tells what is spoken above. Confined. */
final class TlsConnection extends SslConnection {

    /** As Jetty has it: the engine works on arrays. */
    private static final boolean DIRECT_BUFFERS = false;

    TlsConnection(Connector connector, SslContextFactory contexts, EndPoint socket, SSLEngine engine) {
        super(
                connector.getByteBufferPool(),
                EventLoop.of(socket).executor(),
                contexts,
                socket,
                engine,
                DIRECT_BUFFERS,
                DIRECT_BUFFERS);
    }

    @Override
    protected SslEndPoint newSslEndPoint() {
        return new SslEndPoint() {
            @Override
            public void upgrade(Connection next) {
                ClientEndPoint.beneath(this).upgraded(next);
                super.upgrade(next);
            }
        };
    }

    /**
     * As Jetty's, but where a handshake has failed, the alert goes with what was to be sent before it: Jetty would take
     * what comes second for another handshake, and close without a word.
     */
    @Override
    protected SSLEngineResult wrap(SSLEngine engine, ByteBuffer[] input, ByteBuffer output) throws SSLException {
        SSLEngineResult result = super.wrap(engine, input, output);
        SSLEngineResult last = result;
        while (last.getStatus() == Status.OK
                && last.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && engine.isInboundDone()) {
            last = super.wrap(engine, input, output);
        }
        return result;
    }
}
