package dev.portway.config;

import org.jspecify.annotations.Nullable;

/**
 * Limits of size and number. Immutable.
 *
 * @param connections client connections at once, on all addresses together
 * @param headerBytes of a request head, and of a response head
 * @param backendConnections requests in flight to one backend
 * @param eventLoops threads that carry the traffic; 0 for one to a processor
 * @param uploadRate bytes that a second of waiting for a client's upload must bring on average, beyond
 *     {@code timeouts.upload}; 0 for none
 * @param checks of backends that are under way at once
 * @param heldRequests that wait until something listens at their backends
 * @param heldBytes kept of the bodies of requests that wait, all together
 * @param connectionRate of one client, as a limit that counts new connections; null for any number
 */
public record LimitsConfig(
        int connections,
        int headerBytes,
        int backendConnections,
        int eventLoops,
        int uploadRate,
        int checks,
        int heldRequests,
        int heldBytes,
        LimitConfig.@Nullable Rate connectionRate) {

    public static final LimitsConfig DEFAULT =
            new LimitsConfig(10_000, 16 * 1024, 512, 0, 240, 64, 1_000, 4 * 1024 * 1024, null);

    static final Keys CONNECTION_RATE_KEYS = Keys.of("connections", "per", "burst");

    static final Keys KEYS = Keys.of(
                    "connections",
                    "headerBytes",
                    "backendConnections",
                    "eventLoops",
                    "uploadRate",
                    "checks",
                    "heldRequests",
                    "heldBytes",
                    "connectionRate")
            .with("connectionRate", CONNECTION_RATE_KEYS);

    static LimitsConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new LimitsConfig(
                in.get(
                        "connections",
                        DEFAULT.connections(),
                        count -> count.integer(1, 1_000_000, "a number of connections")),
                in.get("headerBytes", DEFAULT.headerBytes(), size -> WrittenSize.read(size, 1024, 1024 * 1024)),
                in.get(
                        "backendConnections",
                        DEFAULT.backendConnections(),
                        count -> count.integer(1, 100_000, "a number of requests")),
                in.get(
                        "eventLoops",
                        DEFAULT.eventLoops(),
                        count -> count.integer(0, 256, "a number of threads, 0 for one to a processor")),
                in.get("uploadRate", DEFAULT.uploadRate(), LimitsConfig::readRate),
                in.get("checks", DEFAULT.checks(), count -> count.integer(1, 1_000, "a number of checks")),
                in.get(
                        "heldRequests",
                        DEFAULT.heldRequests(),
                        count -> count.integer(1, 100_000, "a number of requests")),
                in.get("heldBytes", DEFAULT.heldBytes(), size -> WrittenSize.read(size, 1024, 1024 * 1024 * 1024)),
                in.get("connectionRate", LimitsConfig::readConnectionRate));
    }

    private static LimitConfig.Rate readConnectionRate(Cursor at) throws InvalidValueException {
        return LimitConfig.readRate(
                at.members(CONNECTION_RATE_KEYS), LimitKey.CLIENT, "connections", "a number of connections");
    }

    private static Integer readRate(Cursor at) throws InvalidValueException {
        return "none".equals(at.node().textValue()) ? 0 : WrittenSize.read(at, 1, 1024 * 1024);
    }
}
