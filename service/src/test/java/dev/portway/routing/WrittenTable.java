package dev.portway.routing;

import dev.portway.config.DefaultRouteConfig;
import dev.portway.config.EjectionConfig;
import dev.portway.config.HealthConfig;
import dev.portway.config.LoadBalancing;
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
import dev.portway.upstream.BackendPool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration written in Java, for tests: {@code written().route("web", r -> r.host("a.test"))}. */
final class WrittenTable {

    private final List<RouteConfig> routes = new ArrayList<>();
    private @Nullable TargetConfig fallback;

    static WrittenTable written() {
        return new WrittenTable();
    }

    static RouteWriter route(String id) {
        return new RouteWriter(id);
    }

    WrittenTable with(RouteWriter... writers) {
        for (RouteWriter writer : writers) {
            routes.add(writer.config());
        }
        return this;
    }

    WrittenTable fallback(int port) {
        fallback = TargetConfig.of(TargetUrl.ofPort(port));
        return this;
    }

    PortwayConfig config() {
        return new PortwayConfig(
                new ProxyConfig(null, 8080, null, null, null, null, false, null, null, null),
                routes,
                new DefaultRouteConfig(fallback, Map.of()),
                RulesConfig.NONE,
                LoggingConfig.DEFAULT);
    }

    RouteTable table() {
        return RouteTable.build(config(), TableParts.of(new BackendPool(InstantSource.system())));
    }

    /** One route. */
    static final class RouteWriter {
        private final String id;
        private List<String> host = List.of();
        private String path = "/";
        private List<String> methods = List.of();
        private final Map<String, String> headers = new HashMap<>();
        private boolean enabled = true;
        private List<TargetConfig> targets = List.of(TargetConfig.of(TargetUrl.ofPort(3000)));
        private LoadBalancingConfig loadBalancing = LoadBalancingConfig.DEFAULT;
        private @Nullable HealthConfig health;
        private @Nullable EjectionConfig ejection;
        private RouteTimeoutsConfig timeouts = RouteTimeoutsConfig.INHERITED;
        private @Nullable String hostHeader;
        private RulesConfig rules = RulesConfig.NONE;

        private RouteWriter(String id) {
            this.id = id;
        }

        RouteWriter host(String... hosts) {
            host = List.of(hosts);
            return this;
        }

        RouteWriter path(String prefix) {
            path = prefix;
            return this;
        }

        RouteWriter methods(String... names) {
            methods = List.of(names);
            return this;
        }

        RouteWriter header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        RouteWriter disabled() {
            enabled = false;
            return this;
        }

        RouteWriter targets(TargetConfig... configs) {
            targets = List.of(configs);
            return this;
        }

        RouteWriter targets(int... ports) {
            targets = Arrays.stream(ports)
                    .mapToObj(port -> TargetConfig.of(TargetUrl.ofPort(port)))
                    .toList();
            return this;
        }

        RouteWriter loadBalancing(LoadBalancing strategy) {
            loadBalancing = LoadBalancingConfig.of(strategy);
            return this;
        }

        RouteWriter health(HealthConfig check) {
            health = check;
            return this;
        }

        RouteWriter ejection(EjectionConfig rule) {
            ejection = rule;
            return this;
        }

        RouteWriter timeouts(RouteTimeoutsConfig own) {
            timeouts = own;
            return this;
        }

        RouteWriter hostHeader(String written) {
            hostHeader = written;
            return this;
        }

        RouteWriter rules(RulesConfig written) {
            rules = written;
            return this;
        }

        RouteConfig config() {
            return new RouteConfig(
                    id,
                    host,
                    path,
                    methods,
                    headers,
                    enabled,
                    Map.of(),
                    targets,
                    loadBalancing,
                    null,
                    health,
                    ejection,
                    RetryConfig.DEFAULT,
                    Duration.ZERO,
                    null,
                    timeouts,
                    null,
                    RouteConfig.DEFAULT_UPGRADES,
                    null,
                    hostHeader,
                    rules);
        }
    }
}
