package dev.portway.client;

import dev.portway.api.ProblemDocument;
import org.jspecify.annotations.Nullable;

/** Somebody else was faster: what was to be changed is not what it was when it was read (412). Immutable. */
public final class PreconditionFailedException extends PortwayException {

    private static final long serialVersionUID = 1L;

    PreconditionFailedException(String message, int status, @Nullable ProblemDocument problem) {
        super(message, status, problem, null);
    }
}
