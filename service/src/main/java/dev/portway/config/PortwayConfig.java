package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A whole configuration as written, with defaults filled in. Immutable.
 *
 * @param proxy listeners, timeouts and limits
 * @param routes in the order of the file
 * @param defaultRoute what answers where no route matches; the file's {@code default}
 * @param security the rules of every route that has none of its own
 * @param logging where log lines go and how they look
 */
public record PortwayConfig(
        ProxyConfig proxy,
        List<RouteConfig> routes,
        DefaultRouteConfig defaultRoute,
        RulesConfig security,
        LoggingConfig logging) {

    public PortwayConfig {
        requireNonNull(proxy, "proxy");
        routes = List.copyOf(routes);
        requireNonNull(defaultRoute, "defaultRoute");
        requireNonNull(security, "security");
        requireNonNull(logging, "logging");
    }

    /** {@code server}, {@code metrics} and {@code health} are Dropwizard's own. */
    static final Keys KEYS = Keys.of(
                    "$schema", "proxy", "routes", "default", "logging", "security", "server", "metrics", "health")
            .with("proxy", ProxyConfig.KEYS)
            .withEach("routes", RouteConfig.KEYS)
            .with("default", DefaultRouteConfig.KEYS)
            .with("logging", LoggingConfig.KEYS)
            .with("security", RulesConfig.SECURITY_KEYS)
            .with("server", Keys.ANY)
            .with("metrics", Keys.ANY)
            .with("health", Keys.ANY);

    private static final Set<String> DROPWIZARD_CONNECTORS =
            Set.of("applicationConnectors", "adminConnectors", "connector");

    static PortwayConfig read(Cursor at, RouteList routes) throws InvalidValueException {
        Members in = at.members(KEYS);
        in.get("$schema", schema -> schema.text("a schema's address", "a string"));
        ProxyConfig proxy =
                in.has("proxy") ? in.get("proxy", ProxyConfig.UNKNOWN, ProxyConfig::read) : missingProxy(at);
        Listeners own = Listeners.of(proxy, at.member("proxy"));
        RulesConfig security = in.get("security", RulesConfig.NONE, RulesConfig::readSecurity);
        in.require(
                "routes",
                at.inFormat(
                        "a list, which may be empty: \"routes\": []",
                        "a list, which may be empty: routes: []",
                        "[[routes]], or routes = [] above the first table"),
                value -> routes.read(value, new Surroundings(own, security)));
        DefaultRouteConfig defaultRoute = in.has("default")
                ? in.get("default", DefaultRouteConfig.NONE, value -> DefaultRouteConfig.read(value, own))
                : missingDefault(at);
        LoggingConfig logging = in.get("logging", LoggingConfig.DEFAULT, LoggingConfig::read);
        in.get("server", PortwayConfig::refuseConnectors);
        return reserving(proxy, routes.routes(), defaultRoute, security, logging);
    }

    /** The same with more routes, which stand behind its own. */
    public PortwayConfig with(List<RouteConfig> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<RouteConfig> all = new ArrayList<>(routes);
        all.addAll(more);
        return reserving(proxy, all, defaultRoute, security, logging);
    }

    /** With what every route must know of the others: the headers that say who asks. */
    private static PortwayConfig reserving(
            ProxyConfig proxy,
            List<RouteConfig> routes,
            DefaultRouteConfig defaultRoute,
            RulesConfig security,
            LoggingConfig logging) {
        Set<String> reserved = new HashSet<>();
        security.addIdentity(reserved);
        routes.forEach(route -> route.rules().addIdentity(reserved));
        return new PortwayConfig(
                proxy,
                routes.stream()
                        .map(route -> route.with(route.rules().reserving(reserved)))
                        .toList(),
                defaultRoute,
                security.reserving(reserved),
                logging);
    }

    private static ProxyConfig missingProxy(Cursor at) {
        at.member("proxy")
                .member("port")
                .error(at.inFormat(
                        "missing (add the line: \"proxy\": { \"port\": 8080 })",
                        "missing (add the line: proxy: { port: 8080 })",
                        "missing (add the lines [proxy] and port = 8080)"));
        return ProxyConfig.UNKNOWN;
    }

    private static DefaultRouteConfig missingDefault(Cursor at) {
        at.member("default").member("target").error(DefaultRouteConfig.missing(at));
        return DefaultRouteConfig.NONE;
    }

    private static boolean refuseConnectors(Cursor at) throws InvalidValueException {
        for (Cursor section : at.each("an object with Dropwizard's server settings")) {
            if (DROPWIZARD_CONNECTORS.contains(section.key())) {
                at.keyError(
                        section.key(),
                        "\"" + section.key() + "\" is not used here (expected: \"host\" and \"port\" in \"proxy\" and"
                                + " \"proxy.admin\")");
            }
        }
        return true;
    }
}
