package dev.portway.health;

import dev.portway.upstream.Backend;

/**
 * What forwarding tells of a backend's health. Called on event loops, for every request: implementations return at once
 * and cost one volatile read where nothing changes.
 */
public interface TrafficOutcomes {

    /** It answered, whatever the status. */
    void backendAnswered(Backend backend);

    /**
     * It could not be connected to. What goes wrong on a connection that was made is no sign of its health: one bad
     * request may do that, and a look by TCP would contradict it.
     *
     * @param reason for people: {@code connection refused}
     */
    void backendFailed(Backend backend, String reason);
}
