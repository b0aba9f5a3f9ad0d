package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An attempt that another one followed. Immutable.
 *
 * @param backendId where it went
 * @param status of the answer that was not passed on; 0 where there was none
 * @param error that it came to; null where there was an answer
 */
public record LostAttempt(
        String backendId, int status, @Nullable ProxyError error) {

    public LostAttempt {
        requireNonNull(backendId, "backendId");
    }
}
