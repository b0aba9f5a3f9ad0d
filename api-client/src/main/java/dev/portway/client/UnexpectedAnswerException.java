package dev.portway.client;

import dev.portway.api.ProblemDocument;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the admin API of this version does not give: a page, a redirect, half of an answer, or one that is too
 * large. The address is another program's, or the Portway there is older than this client. Immutable.
 */
public final class UnexpectedAnswerException extends PortwayException {

    private static final long serialVersionUID = 1L;

    UnexpectedAnswerException(
            String message, int status, @Nullable ProblemDocument problem, @Nullable Throwable cause) {
        super(message, status, problem, cause);
    }
}
