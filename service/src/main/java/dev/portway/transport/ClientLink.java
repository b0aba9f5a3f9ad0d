package dev.portway.transport;

import org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * What a request shares with those before and after it: of HTTP/1.1 the connection itself, of HTTP/2 its stream. It is
 * told how far the exchange has come, and tells when the client has gone. Thread-safe.
 */
public interface ClientLink {

    /** That of {@code request}. */
    static ClientLink of(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return request.getConnectionMetaData().getConnection() instanceof HTTP2ServerConnection
                ? new Http2Link(request)
                : ClientEndPoint.beneath(endPoint);
    }

    /** Whether {@code request} names its host in its target, as of a forward proxy (RFC 9112, section 3.2.2). */
    static boolean absoluteForm(Request request) {
        return LoopConnection.absoluteForm(request);
    }

    /** A request head is in whole: its time limit no longer counts. */
    void exchangeBegun();

    /** The exchange is over; what is read from now on is a request head. */
    void exchangeEnded();

    /**
     * An attempt at a backend is under way, whose own time limits hold.
     *
     * @param gone called from any thread when the client has gone: once {@link #bodyRead} was called at the latest from
     *     then on, before that where it can be seen; perhaps more than once
     */
    void forwarding(Runnable gone);

    /** Nothing more is read from the client: what is heard from it now is that it leaves. */
    void bodyRead();

    /** The attempt is over. */
    void forwarded();

    /** Whether the client can still be answered. */
    boolean answerable();

    /**
     * Makes the end of what is broken off one that cannot be taken for the end of a whole body, even where only the end of
     * the connection ends the body (HTTP/1.0).
     */
    void resetOnClose();
}
