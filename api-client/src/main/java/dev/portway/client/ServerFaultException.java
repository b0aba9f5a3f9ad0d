package dev.portway.client;

import dev.portway.api.ProblemDocument;
import org.jspecify.annotations.Nullable;

/** The proxy could not do it though nothing is wrong with the call (500 and above). Immutable. */
public final class ServerFaultException extends PortwayException {

    private static final long serialVersionUID = 1L;

    ServerFaultException(String message, int status, @Nullable ProblemDocument problem) {
        super(message, status, problem, null);
    }
}
