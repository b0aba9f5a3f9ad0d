package dev.portway.policy;

import dev.portway.config.RouteConfig;
import dev.portway.routing.PolicyCompiler;
import dev.portway.routing.RoutePolicies;
import java.util.ArrayList;
import java.util.List;

/** The rules of one route, in the order in which a request meets them. Immutable. */
final class Policies implements RoutePolicies {

    private final Policy[] policies;

    private Policies(List<Policy> policies) {
        this.policies = policies.toArray(Policy[]::new);
    }

    /** A compiler that makes rules of these kinds; a request meets them in this order. */
    static PolicyCompiler compiler(List<PolicyFactory> factories) {
        List<PolicyFactory> kinds = List.copyOf(factories);
        return route -> compile(route, kinds);
    }

    private static RoutePolicies compile(RouteConfig route, List<PolicyFactory> kinds) {
        List<Policy> policies = new ArrayList<>();
        for (PolicyFactory kind : kinds) {
            Policy policy = kind.compile(route);
            if (policy != null) {
                policies.add(policy);
            }
        }
        return policies.isEmpty() ? RoutePolicies.NONE : new Policies(policies);
    }

    int size() {
        return policies.length;
    }

    Policy get(int index) {
        return policies[index];
    }

    @Override
    public boolean guard() {
        for (Policy policy : policies) {
            if (policy.guards()) {
                return true;
            }
        }
        return false;
    }
}
