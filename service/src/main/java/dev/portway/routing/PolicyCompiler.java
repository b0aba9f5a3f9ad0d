package dev.portway.routing;

import dev.portway.config.RouteConfig;

/** Makes what requests meet out of the rules of a route. */
@FunctionalInterface
public interface PolicyCompiler {

    /** Makes nothing of any rule. */
    PolicyCompiler NONE = route -> RoutePolicies.NONE;

    /** The rules of {@code route}; {@link RoutePolicies#NONE} where it has none. */
    RoutePolicies compile(RouteConfig route);
}
