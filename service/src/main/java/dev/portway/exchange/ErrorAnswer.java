package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error as it is told to a client. Immutable.
 *
 * @param error its kind
 * @param status sent; as a rule the kind's own
 * @param requestId that the log line carries too
 * @param retryAfter when it is worth trying again; null where nobody knows
 * @param detail what happened, to what and why, for local clients only; null to tell nothing but the status
 */
public record ErrorAnswer(
        ProxyError error,
        int status,
        String requestId,
        @Nullable Duration retryAfter,
        @Nullable Detail detail) {

    public ErrorAnswer {
        requireNonNull(error, "error");
        requireNonNull(requestId, "requestId");
    }

    /**
     * What only a client on this machine is told. Immutable.
     *
     * @param route id; null if none was found
     * @param target URL; null if none was chosen
     * @param cause a sentence without a full stop
     * @param advice what to try, a sentence without a full stop; null if nothing comes to mind
     */
    public record Detail(
            @Nullable String route,
            @Nullable String target,
            String cause,
            @Nullable String advice) {

        public Detail {
            requireNonNull(cause, "cause");
        }
    }
}
