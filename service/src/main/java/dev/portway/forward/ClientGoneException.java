package dev.portway.forward;

import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The client left before it had its whole response: there is nobody to answer any more, not even with an error. */
final class ClientGoneException extends Request.Handler.AbortException {

    private static final long serialVersionUID = 1L;

    ClientGoneException(@Nullable Throwable cause) {
        super("the client closed the connection", cause);
    }

    /** Thrown to end things, never to be traced. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
