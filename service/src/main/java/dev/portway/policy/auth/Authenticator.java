package dev.portway.policy.auth;

import dev.portway.exchange.ProxyExchange;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One way to prove who one is. Thread-safe. */
interface Authenticator {

    /**
     * Looks whether the request of {@code exchange} proves who sent it. Called on the loop of the exchange, and never blocks.
     *
     * @param verdict told once, by any thread, perhaps before this returns
     */
    void check(ProxyExchange exchange, Consumer<Verdict> verdict);

    /** The scheme that a client is asked to use (RFC 9110, section 11.6.1); null where asking would not help. */
    @Nullable
    String scheme();
}
