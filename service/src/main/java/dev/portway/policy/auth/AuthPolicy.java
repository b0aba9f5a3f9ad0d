package dev.portway.policy.auth;

import dev.portway.config.AuthConfig;
import dev.portway.exchange.OutgoingRequest;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import dev.portway.routing.PathReadings;
import java.util.List;
import java.util.Set;

/** Lets in whoever proves who they are, by any one of several ways, and tells the backend who it is. Thread-safe. */
final class AuthPolicy implements Policy {

    private final AuthConfig rule;
    private final List<Authenticator> ways;
    private final IdentityFields identity;

    /** @param ways in the order in which they are tried */
    AuthPolicy(AuthConfig rule, List<Authenticator> ways) {
        this.rule = rule;
        this.ways = List.copyOf(ways);
        this.identity = new IdentityFields(rule.identity());
    }

    @Override
    public boolean guards() {
        return true;
    }

    @Override
    public void apply(PolicyWalk walk) {
        walk.exchange().edits().request(this::edit);
        if (concerns(walk.exchange().path())) {
            new Admission(this, walk).tryNext();
        } else {
            walk.proceed();
        }
    }

    private boolean concerns(String path) {
        boolean tunnel = path.isEmpty(); // through which any path may be asked for
        if (rule.paths().isEmpty() || tunnel || PathReadings.obscure(path)) {
            return true;
        }
        Set<String> readings = PathReadings.of(path);
        for (String prefix : rule.paths()) {
            if (PathReadings.under(prefix, readings)) {
                return true;
            }
        }
        return false;
    }

    private void edit(ProxyExchange exchange, OutgoingRequest request) {
        if (exchange.identity() != null && !exchange.outbound()) { // other hosts need not know who asks
            identity.tell(exchange.identity(), request.fields());
        }
    }

    String realm() {
        return rule.realm();
    }

    List<Authenticator> ways() {
        return ways;
    }
}
