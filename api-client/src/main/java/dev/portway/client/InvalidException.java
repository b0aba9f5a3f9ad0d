package dev.portway.client;

import dev.portway.api.ProblemDocument;
import org.jspecify.annotations.Nullable;

/**
 * What was sent cannot be used (400, 413, 415 or 422; 0 where the client did not even send it); {@link #entries()} says what
 * is wrong with it, thing by thing. Immutable.
 */
public final class InvalidException extends PortwayException {

    private static final long serialVersionUID = 1L;

    InvalidException(String message, int status, @Nullable ProblemDocument problem) {
        super(message, status, problem, null);
    }
}
