package dev.portway.client;

import dev.portway.api.ProblemDocument;
import org.jspecify.annotations.Nullable;

/**
 * The admin API does not serve this caller, whatever its token: its guard knows neither its host nor its origin (403). Immutable.
 */
public final class RefusedException extends PortwayException {

    private static final long serialVersionUID = 1L;

    RefusedException(String message, int status, @Nullable ProblemDocument problem) {
        super(message, status, problem, null);
    }
}
