package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection;
import org.eclipse.jetty.server.Request;

/**
 * The stream of an HTTP/2 request. Its connection is always being read, so a client's leaving is heard of without
 * watching, and a stream that ends early is always told from one that ends. Thread-safe.
 */
record Http2Link(Request request) implements ClientLink {

    private static final long NONE = 0;

    Http2Link {
        requireNonNull(request, "request");
    }

    @Override
    public void exchangeBegun() {
        // The time of a head counts by connection, see TimedParser.
    }

    @Override
    public void exchangeEnded() {
        // The stream ends with it.
    }

    @Override
    public void forwarding(Runnable gone) {
        idleTimeout(NONE);
        request.addFailureListener(failure -> gone.run());
    }

    @Override
    public void bodyRead() {
        // Listened for since the beginning.
    }

    /** What is left is to write the rest of the response, which a client that reads nothing must not keep for ever. */
    @Override
    public void forwarded() {
        HTTP2ServerConnection connection =
                (HTTP2ServerConnection) request.getConnectionMetaData().getConnection();
        idleTimeout(connection.getSession().getStreamIdleTimeout());
    }

    private void idleTimeout(long millis) {
        request.addHttpStreamWrapper(stream -> {
            stream.setIdleTimeout(millis);
            return stream;
        });
    }

    /** A stream that cannot be read any more has been reset. */
    @Override
    public boolean answerable() {
        return false;
    }

    @Override
    public void resetOnClose() {
        // A stream is broken off by a reset in any case.
    }
}
