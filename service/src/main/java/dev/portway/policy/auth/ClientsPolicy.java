package dev.portway.policy.auth;

import com.google.common.net.InetAddresses;
import dev.portway.config.ClientsConfig;
import dev.portway.config.RouteConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import org.jspecify.annotations.Nullable;

/** Lets in who comes from the right addresses: what counts is the peer, or what a trusted peer says. Immutable. */
public final class ClientsPolicy implements Policy {

    private final ClientsConfig rule;

    private ClientsPolicy(ClientsConfig rule) {
        this.rule = rule;
    }

    /** The rule of {@code route}; null where it has none. */
    public static @Nullable Policy of(RouteConfig route) {
        ClientsConfig rule = route.rules().clients();
        return rule == null ? null : new ClientsPolicy(rule);
    }

    @Override
    public boolean guards() {
        return true;
    }

    @Override
    public void apply(PolicyWalk walk) {
        Failure refusal = refusal(walk.exchange());
        if (refusal == null) {
            walk.proceed();
        } else {
            walk.refuse(refusal);
        }
    }

    private @Nullable Failure refusal(ProxyExchange exchange) {
        String address = exchange.client().address();
        // Who has no address comes through a socket that the rule cannot speak of.
        return InetAddresses.isInetAddress(address) && rule.letsIn(InetAddresses.forString(address))
                ? null
                : new Failure(
                        ProxyError.FORBIDDEN,
                        "no request of " + address + " is let in here",
                        "see clients.allow and clients.deny, the route's or those of security");
    }
}
