package dev.portway.cli;

import java.net.URI;
import java.util.Optional;

/** A started proxy. Stops by itself when the process is told to end. Thread-safe. */
public interface RunningProxy extends AutoCloseable {

    /** Where it takes requests, with the port it really has: {@code http://localhost:8080}. */
    URI proxyUrl();

    /** Where it takes requests over TLS, if it does: {@code https://localhost:8443}. */
    Optional<URI> tlsUrl();

    /** Where it is steered: {@code http://localhost:8081}. */
    URI adminUrl();

    /** Waits until it has stopped, for whatever reason. */
    void awaitStop() throws InterruptedException;

    /** Stops it within its shutdown limit; does nothing if it has stopped. */
    @Override
    void close() throws Exception;
}
