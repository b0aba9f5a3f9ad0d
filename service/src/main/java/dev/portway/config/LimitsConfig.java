package dev.portway.config;

/**
 * Limits of size and number. Immutable.
 *
 * @param connections client connections at once, on all addresses together
 * @param headerBytes of a request head, and of a response head
 * @param backendConnections requests in flight to one backend
 */
public record LimitsConfig(int connections, int headerBytes, int backendConnections) {

    public static final LimitsConfig DEFAULT = new LimitsConfig(10_000, 16 * 1024, 512);
}
