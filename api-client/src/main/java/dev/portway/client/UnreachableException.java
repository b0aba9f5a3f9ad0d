package dev.portway.client;

import org.jspecify.annotations.Nullable;

/**
 * No answer: nothing listens at the address, the connection broke, or the answer did not come in time. Whether a change was
 * made is unknown unless nothing listens. Immutable.
 */
public final class UnreachableException extends PortwayException {

    private static final long serialVersionUID = 1L;

    UnreachableException(String message, @Nullable Throwable cause) {
        super(message, 0, null, cause);
    }
}
