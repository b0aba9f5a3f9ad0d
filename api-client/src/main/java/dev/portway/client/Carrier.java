package dev.portway.client;

import java.util.concurrent.CompletableFuture;

/** Takes requests to the admin listener and brings what it answers. Thread-safe. */
interface Carrier extends AutoCloseable {

    /** Sends a request; what is returned fails with what ended the connection, and cancelling it gives up the request. */
    CompletableFuture<Reply> send(Outgoing request);

    /** Ends every connection and thread, and waits a moment for these. */
    @Override
    void close();
}
