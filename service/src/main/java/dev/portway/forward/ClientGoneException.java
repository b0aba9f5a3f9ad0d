package dev.portway.forward;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The client left before it had its whole response. */
final class ClientGoneException extends IOException {

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
