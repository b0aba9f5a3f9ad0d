package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange could not be carried through. Immutable.
 *
 * @param error its kind
 * @param cause for people: what happened to what, a sentence without a full stop
 * @param advice what to try; null if nothing comes to mind
 * @param retryAfter when it is worth trying again; null where nobody knows
 */
public record Failure(
        ProxyError error,
        String cause,
        @Nullable String advice,
        @Nullable Duration retryAfter) {

    public Failure {
        requireNonNull(error, "error");
        requireNonNull(cause, "cause");
    }

    public Failure(ProxyError error, String cause) {
        this(error, cause, null);
    }

    public Failure(ProxyError error, String cause, @Nullable String advice) {
        this(error, cause, advice, null);
    }

    /** The same failure with something to try. */
    public Failure advising(@Nullable String advice) {
        return new Failure(error, cause, advice, retryAfter);
    }
}
