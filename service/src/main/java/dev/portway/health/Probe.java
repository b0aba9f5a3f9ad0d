package dev.portway.health;

import dev.portway.config.HealthConfig;
import dev.portway.upstream.Backend;
import java.util.concurrent.CompletableFuture;

/** Asks a backend for a path as its requests are sent: by its protocol, over its socket, with its trust. Thread-safe. */
public interface Probe {

    /**
     * Asks; redirects are not followed.
     *
     * @param check what to ask, and how long to wait
     * @param path in place of the check's
     * @return the answer; fails within the check's time limit with a {@link java.util.concurrent.TimeoutException}, with a
     *     {@link java.net.ConnectException} where the connection was refused, or with what else went wrong; completed on a
     *     thread that must not be kept
     */
    CompletableFuture<Answer> ask(Backend backend, HealthConfig check, String path);

    /**
     * What it answered. Immutable.
     *
     * @param body its first bytes, one character each; empty where the check has no interest in it
     * @param nanos from the request sent to the head of the answer
     */
    record Answer(int status, String body, long nanos) {}
}
