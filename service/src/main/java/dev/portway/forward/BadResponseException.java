package dev.portway.forward;

import java.io.IOException;

/** What a backend answered cannot be passed on. */
final class BadResponseException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param fault for people: {@code it switched protocols unasked} */
    BadResponseException(String fault) {
        super(fault);
    }

    /** Thrown to end things, never to be traced. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
