package dev.portway.exchange;

import org.jspecify.annotations.Nullable;

/**
 * What a tunnel has carried, now that it has ended. Immutable.
 *
 * @param bytesIn from the client
 * @param bytesOut to the client
 * @param error what ended it, if that was a fault; null if not
 * @param cause for the log; null if there is nothing to say
 */
public record Carried(
        long bytesIn,
        long bytesOut,
        @Nullable ProxyError error,
        @Nullable String cause) {}
