package dev.portway.client;

import dev.portway.api.ProblemDocument;
import org.jspecify.annotations.Nullable;

/** There is no such route, backend or tunnel (404). Immutable. */
public final class NotFoundException extends PortwayException {

    private static final long serialVersionUID = 1L;

    NotFoundException(String message, int status, @Nullable ProblemDocument problem) {
        super(message, status, problem, null);
    }
}
