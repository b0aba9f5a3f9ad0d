package dev.portway.client;

import dev.portway.api.ProblemDocument;
import org.jspecify.annotations.Nullable;

/** A token is needed, or is not the right one (401). Immutable. */
public final class UnauthorizedException extends PortwayException {

    private static final long serialVersionUID = 1L;

    UnauthorizedException(String message, int status, @Nullable ProblemDocument problem) {
        super(message, status, problem, null);
    }
}
