package dev.portway.client;

import dev.portway.api.ProblemDocument;
import org.jspecify.annotations.Nullable;

/** The change does not fit what is there: the id is taken, another owner has the route, the file cannot hold it (409). Immutable. */
public final class ConflictException extends PortwayException {

    private static final long serialVersionUID = 1L;

    ConflictException(String message, int status, @Nullable ProblemDocument problem) {
        super(message, status, problem, null);
    }
}
