package dev.portway.health;

import dev.portway.upstream.Backend;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks a backend for a path as its requests are sent: by its protocol, over its socket, with its trust. Thread-safe. */
public interface Probe {

    /**
     * Asks with GET; the body is of no interest, and redirects are not followed.
     *
     * @param path with a query if need be, raw
     * @return the status; fails within {@code limit} with a {@link java.util.concurrent.TimeoutException}, with a
     *     {@link java.net.ConnectException} where the connection was refused, or with what else went wrong; completed on a
     *     thread that must not be kept
     */
    CompletableFuture<Integer> status(Backend backend, String path, Duration limit);
}
