package dev.portway.policy.limit;

import dev.portway.config.LimitConfig;
import dev.portway.config.LimitKey;
import dev.portway.config.RateLimitConfig;
import dev.portway.config.RouteConfig;
import dev.portway.policy.Policy;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is counted for the limits of all routes. It stays over new tables as long as one of them has the limit: what a limit
 * says and whose it is, a route's or that of all, is what it is known by. Thread-safe.
 */
public final class RateLimits implements RouteTableListener {

    private final Map<Identity, Limit> inUse = new HashMap<>(); // guarded by this

    /** The limits of {@code route} that need not know who asks; null where it has none. */
    public @Nullable Policy ofAnybody(RouteConfig route) {
        return of(route, key -> key.kind() != LimitKey.Kind.JWT);
    }

    /** Those that count by what authentication has found proven; null where it has none. */
    public @Nullable Policy ofKnown(RouteConfig route) {
        return of(route, key -> key.kind() == LimitKey.Kind.JWT);
    }

    private synchronized @Nullable Policy of(RouteConfig route, Predicate<LimitKey> keys) {
        RateLimitConfig rule = route.rules().rateLimit();
        if (rule == null) {
            return null;
        }
        List<LimitConfig> configs = new ArrayList<>();
        List<Limit> limits = new ArrayList<>();
        for (LimitConfig config : new LinkedHashSet<>(rule.limits())) { // what is said twice counts once
            if (keys.test(config.key())) {
                configs.add(config);
                limits.add(inUse.computeIfAbsent(
                        Identity.of(route, rule, config), same -> LimitPolicy.limit(same.config())));
            }
        }
        return configs.isEmpty() ? null : new LimitPolicy(configs, limits, !rule.shared());
    }

    @Override
    public synchronized void tableChanged(RouteTable table) {
        Set<Identity> used = new HashSet<>();
        table.ruled().forEach(route -> addIdentities(route.config(), used));
        inUse.keySet().retainAll(used);
    }

    private static void addIdentities(RouteConfig route, Set<Identity> to) {
        RateLimitConfig rule = route.rules().rateLimit();
        if (rule != null) {
            rule.limits().forEach(config -> to.add(Identity.of(route, rule, config)));
        }
    }

    /**
     * What makes a limit the same one in the next table.
     *
     * @param route null for the limits of all routes
     */
    private record Identity(@Nullable String route, LimitConfig config) {

        static Identity of(RouteConfig route, RateLimitConfig rule, LimitConfig config) {
            return new Identity(rule.shared() ? null : route.id(), config);
        }
    }
}
