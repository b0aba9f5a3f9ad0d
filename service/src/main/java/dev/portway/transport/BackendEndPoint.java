package dev.portway.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A backend's socket, which differs from Jetty's where the connection breaks. Reading tells that from an end: a body
 * without a length is whole when the connection ends, and cut short when it breaks. Writing does not tell: a backend that
 * has answered early and hung up is not to be reported as lost before its answer has been read (behaviour 100), and where
 * there is no answer, reading will tell of it at once. Thread-safe.
 */
final class BackendEndPoint extends LoopEndPoint {

    BackendEndPoint(
            LoopMember member, SocketChannel channel, ManagedSelector loop, SelectionKey key, Scheduler scheduler) {
        super(member, channel, loop, key, scheduler);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        try {
            return super.flush(buffers);
        } catch (EofException broken) {
            if (!isOpen() || !answersAreRead()) {
                throw broken;
            }
            for (ByteBuffer buffer : buffers) {
                BufferUtil.clear(buffer);
            }
            return true;
        }
    }

    /** Whether an HTTP/1.1 connection reads here, and not a tunnel that took its place or HTTP/2. */
    private boolean answersAreRead() {
        Connection above = getConnection();
        if (above instanceof SslConnection tls) {
            above = tls.getSslEndPoint().getConnection();
        }
        return above instanceof Http1Connection || above instanceof BackendConnection;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        return fillOrBreak(buffer);
    }
}
