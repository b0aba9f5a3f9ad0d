package dev.portway.forward;

import dev.portway.exchange.Failure;

/** How far a request had come whose attempt failed: what sending it again could do. */
enum Loss {
    /** There was no connection, so nothing of it was sent. */
    UNSENT,
    /** The backend said over HTTP/2 that it has not looked at it (RFC 9113, section 8.7). */
    UNTOUCHED,
    /** A kept connection was closed at the moment it was used again (RFC 9112, section 9.3.1). */
    KEPT,
    /** A new connection ended without an answer: the backend may have worked on it. */
    BROKEN,
    /** No answer came in time: the backend may still work on it. */
    LATE,
    /** The answer is one that the route does not want to pass on. */
    UNWELCOME,
    /** An answer had begun, or the backend is not what is wrong. */
    FINAL;

    /**
     * The loss of a request that was not answered at all.
     *
     * @param failure that {@code thrown} stands for
     * @param connected whether a connection had been made
     * @param reused whether that had carried requests before
     */
    static Loss of(Throwable thrown, Failure failure, boolean connected, boolean reused) {
        if (Failures.untouched(thrown)) {
            return UNTOUCHED;
        }
        if (!failure.error().backendAtFault()) {
            return FINAL;
        }
        if (!connected) {
            return UNSENT;
        }
        return switch (failure.error()) {
            case CONNECTION_TERMINATED -> reused ? KEPT : BROKEN;
            case RESPONSE_TIMEOUT -> LATE;
            default -> FINAL; // an answer that makes no sense
        };
    }
}
