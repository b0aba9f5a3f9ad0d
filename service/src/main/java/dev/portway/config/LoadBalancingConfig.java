package dev.portway.config;

import static java.util.Objects.requireNonNull;

/**
 * How one of a route's targets is chosen; its {@code loadBalancing}. Immutable.
 *
 * @param strategy the rule
 * @param key what is hashed, where the strategy is {@link LoadBalancing#HASH}
 */
public record LoadBalancingConfig(LoadBalancing strategy, HashKey key) {

    public static final LoadBalancingConfig DEFAULT = of(LoadBalancing.ROUND_ROBIN);

    public LoadBalancingConfig {
        requireNonNull(strategy, "strategy");
        requireNonNull(key, "key");
    }

    public static LoadBalancingConfig of(LoadBalancing strategy) {
        return new LoadBalancingConfig(strategy, HashKey.CLIENT);
    }

    static final Keys KEYS = Keys.of("strategy", "key");

    /** The name of a strategy, or an object with it. */
    static LoadBalancingConfig read(Cursor at) throws InvalidValueException {
        if (!at.node().isObject()) {
            return of(LoadBalancing.read(at));
        }
        Members in = at.members(KEYS);
        LoadBalancing strategy = in.require("strategy", LoadBalancing.names(), LoadBalancing::read);
        if (in.has("key") && strategy != null && strategy != LoadBalancing.HASH) {
            at.keyError("key", "\"key\" is for \"hash\" (expected: only there)");
        }
        HashKey key = in.get("key", HashKey.CLIENT, HashKey::read);
        return new LoadBalancingConfig(strategy == null ? LoadBalancing.HASH : strategy, key);
    }
}
