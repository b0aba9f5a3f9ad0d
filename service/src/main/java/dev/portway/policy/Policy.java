package dev.portway.policy;

/**
 * One rule of a route. It may let a request on, now or later; answer it; and have the request and its response changed by
 * {@link dev.portway.exchange.ProxyExchange#edits}. Thread-safe.
 */
public interface Policy {

    /**
     * Does what the rule says with the request of {@code walk}: calls {@link PolicyWalk#proceed} or
     * {@link PolicyWalk#refuse}, or answers by itself, once, on the loop of the exchange. Never blocks.
     */
    void apply(PolicyWalk walk);

    /** Whether it keeps some requests out: paths that lead round it are refused then. */
    default boolean guards() {
        return false;
    }
}
