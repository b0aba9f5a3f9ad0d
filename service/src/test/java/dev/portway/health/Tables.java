package dev.portway.health;

import dev.portway.config.DefaultRouteConfig;
import dev.portway.config.EjectionConfig;
import dev.portway.config.HealthConfig;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.LoggingConfig;
import dev.portway.config.PortwayConfig;
import dev.portway.config.ProxyConfig;
import dev.portway.config.RetryConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.RouteTimeoutsConfig;
import dev.portway.config.RulesConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetUrl;
import dev.portway.routing.RouteTable;
import dev.portway.routing.TableParts;
import dev.portway.upstream.Backend;
import dev.portway.upstream.BackendPool;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tables that follow one another over one pool of backends, as a registry would publish them. */
public final class Tables {

    private final BackendPool pool = new BackendPool(InstantSource.system());
    private @Nullable RouteTable current;

    /** The next table; the one before gives its backends back. */
    public RouteTable of(RouteConfig... routes) {
        PortwayConfig config = new PortwayConfig(
                new ProxyConfig(null, 0, null, null, null, null, false, null, null, null),
                List.of(routes),
                new DefaultRouteConfig(null, Map.of()),
                RulesConfig.NONE,
                LoggingConfig.DEFAULT);
        RouteTable before = current;
        RouteTable next = RouteTable.build(config, TableParts.of(pool), before);
        if (before != null) {
            before.release(pool);
        }
        current = next;
        return next;
    }

    /** A route without a check. */
    public static RouteConfig route(String id, TargetUrl... targets) {
        return route(id, null, targets);
    }

    public static RouteConfig route(String id, @Nullable HealthConfig health, TargetUrl... targets) {
        return route(id, health, Arrays.stream(targets).map(TargetConfig::of).toList());
    }

    static RouteConfig route(String id, @Nullable HealthConfig health, List<TargetConfig> targets) {
        return new RouteConfig(
                id,
                List.of(id + ".test"),
                "/",
                List.of(),
                Map.of(),
                true,
                Map.of(),
                targets,
                LoadBalancingConfig.DEFAULT,
                null,
                health,
                targets.size() > 1 ? EjectionConfig.DEFAULT : null,
                RetryConfig.DEFAULT,
                Duration.ZERO,
                null,
                RouteTimeoutsConfig.INHERITED,
                null,
                RouteConfig.DEFAULT_UPGRADES,
                null,
                null,
                RulesConfig.NONE);
    }

    public static TargetUrl http(String host, int port) {
        return new TargetUrl("http", host, port, "", null);
    }

    /** A target of this backend, as routes without anything special have it. */
    static Target target(Backend backend) {
        return new Target(backend, TargetConfig.of(backend.identity().url()), null, null);
    }

    /** The only backend of a table. */
    public static Backend only(RouteTable table) {
        return table.backends().iterator().next();
    }
}
