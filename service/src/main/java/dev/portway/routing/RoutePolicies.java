package dev.portway.routing;

/** A route's rules as a request meets them, made by a {@link PolicyCompiler}. Immutable. */
public interface RoutePolicies {

    /** Those of a route that has no rules. */
    RoutePolicies NONE = () -> false;

    /** Whether they keep some requests out that the route itself would take. */
    boolean guard();
}
