package dev.portway.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portway.config.BackendTlsConfig;
import dev.portway.config.EjectionConfig;
import dev.portway.config.HealthConfig;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.PortwayConfig;
import dev.portway.config.Resolve;
import dev.portway.config.RetryConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.RouteTimeoutsConfig;
import dev.portway.config.RulesConfig;
import dev.portway.config.StickyConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetUrl;
import dev.portway.config.TunnelConfig;
import dev.portway.routing.NameBook.Place;
import dev.portway.upstream.Backend;
import dev.portway.upstream.RetryBudget;
import dev.portway.upstream.Stickiness;
import dev.portway.upstream.Target;
import dev.portway.upstream.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the table of a configuration, once. Confined to one thread. */
final class RouteCompiler {

    private final PortwayConfig config;
    private final TableParts parts;
    private final @Nullable RouteTable previous;
    private final List<Backend> retained = new ArrayList<>();

    RouteCompiler(PortwayConfig config, TableParts parts, @Nullable RouteTable previous) {
        this.config = config;
        this.parts = parts;
        this.previous = previous;
    }

    RouteTable compile() {
        boolean whole = false;
        try {
            List<Route> routes = new ArrayList<>(config.routes().size());
            for (RouteConfig route : config.routes()) {
                Route before =
                        previous == null ? null : previous.route(route.id()).orElse(null);
                routes.add(compile(route, before));
            }
            TargetConfig fallback = config.defaultRoute().target();
            Route before = previous == null ? null : previous.defaultRoute();
            Route defaultRoute =
                    fallback == null ? null : compile(defaultConfig(fallback).with(config.security()), before);
            TunnelConfig tunnel = config.proxy().tunnel();
            Route outbound = tunnel.enabled()
                    ? compile(bare(Route.OUTBOUND_ID, List.of()).with(tunnel.rules(config.security())), null)
                    : null;
            var table = new RouteTable(config, routes, defaultRoute, outbound);
            whole = true;
            return table;
        } finally {
            if (!whole) {
                retained.forEach(parts.backends()::release);
            }
        }
    }

    private Route compile(RouteConfig route, @Nullable Route before) {
        List<Target> targets = new ArrayList<>(route.targets().size());
        for (TargetConfig target : route.targets()) {
            List<Place> known = target.resolve().several()
                    ? parts.names().placesOf(target.url().host(), target.resolve())
                    : List.of();
            if (known.isEmpty()) {
                targets.add(target(route, target, target.weight(), target.url(), null));
            }
            TargetUrl own = target.resolve() == Resolve.SRV ? target.url().atDomain() : target.url();
            for (Place place : known) {
                TargetUrl url = own.at(place.host(), place.port() == Place.TARGETS_PORT ? own.port() : place.port());
                targets.add(target(route, target, target.weight() * place.weight(), url, own.host()));
            }
        }
        return new Route(
                route,
                upstream(targets, route, before),
                retries(route.retry(), before),
                parts.policies().compile(route),
                config.proxy().timeouts().with(route.timeouts()));
    }

    /**
     * The way to one backend.
     *
     * @param url where it is
     * @param name that it answers for; null where the URL is the target's own
     */
    private Target target(RouteConfig route, TargetConfig target, int weight, TargetUrl url, @Nullable String name) {
        BackendTlsConfig tls = target.tls() == null ? route.tls() : target.tls();
        HealthConfig health = target.health() == null ? route.health() : target.health();
        Backend backend = parts.backends().retain(new Backend.Identity(url, tls, route.proxyProtocol(), health, name));
        retained.add(backend);
        TargetUrl own = name == null ? target.url() : target.url().at(name);
        String host = HostHeader.of(route.hostHeader(), own);
        EjectionConfig rule = route.ejection();
        return new Target(backend, target, weight, host, rule == null ? null : backend.standing(rule));
    }

    /** The upstream of before if nothing in it would be other, so that an edit elsewhere does not begin its turns anew. */
    private Upstream upstream(List<Target> targets, RouteConfig route, @Nullable Route before) {
        if (before != null
                && before.config().loadBalancing().equals(route.loadBalancing())
                && sameStickiness(before.config(), route)
                && before.upstream().targets().equals(targets)) {
            return before.upstream();
        }
        return new Upstream(
                targets, route.loadBalancing(), stickiness(targets, route), before == null ? null : before.upstream());
    }

    private static boolean sameStickiness(RouteConfig one, RouteConfig other) {
        return one.sticky() == null
                ? other.sticky() == null
                : one.sticky().equals(other.sticky()) && one.path().equals(other.path());
    }

    private @Nullable Stickiness stickiness(List<Target> targets, RouteConfig route) {
        StickyConfig sticky = route.sticky();
        if (sticky == null) {
            return null;
        }
        String secret = sticky.secret();
        byte[] key = secret == null ? parts.backends().ownKey() : secret.getBytes(UTF_8);
        return new Stickiness(sticky.name(), key, route.id(), route.path(), targets);
    }

    /** What was sent twice before an edit counts after it. */
    private static RetryBudget retries(RetryConfig retry, @Nullable Route before) {
        return before != null && before.retries().percent() == retry.budget()
                ? before.retries()
                : new RetryBudget(retry.budget());
    }

    private static RouteConfig defaultConfig(TargetConfig target) {
        return bare(Route.DEFAULT_ID, List.of(target));
    }

    private static RouteConfig bare(String id, List<TargetConfig> targets) {
        return new RouteConfig(
                id,
                List.of(),
                "/",
                List.of(),
                Map.of(),
                true,
                Map.of(),
                targets,
                LoadBalancingConfig.DEFAULT,
                null,
                null,
                null,
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
}
