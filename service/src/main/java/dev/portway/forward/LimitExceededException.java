package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeoutException;

/** A time limit of the exchange has passed. */
final class LimitExceededException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    private final Limit limit;

    LimitExceededException(Limit limit) {
        super(limit.name());
        this.limit = requireNonNull(limit, "limit");
    }

    Limit limit() {
        return limit;
    }

    /** Thrown to end things, never to be traced. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** The time limits of an exchange, as {@code timeouts} names them, and one more. */
    enum Limit {
        CONNECT,
        UPLOAD,
        RESPONSE,
        STREAM,
        /** {@code stream}, when it is the client that takes nothing. */
        DOWNLOAD,
        REQUEST
    }
}
