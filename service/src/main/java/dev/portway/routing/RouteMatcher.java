package dev.portway.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a request's route: a hash on the host, a walk of the path. The order is the contract's: exact host, longest
 * wildcard, no host; then longest path; then more conditions; then the order of the file. A host whose routes do not fit
 * falls to the less specific hosts. Immutable; a match allocates nothing.
 */
final class RouteMatcher {

    private static final String WILDCARD = "*.";
    private static final Visitor FIRST_THAT_FITS = Rule::fits;

    private final StringRangeMap<PathTree> exactHosts;
    private final StringRangeMap<PathTree> wildcardHosts; // by what stands behind "*."
    private final boolean anyWildcard;
    private final PathTree noHost;

    /** @param routes in the order of the file; disabled ones are left out */
    RouteMatcher(List<Route> routes) {
        Map<String, PathTree.Builder> exact = new HashMap<>();
        Map<String, PathTree.Builder> wildcards = new HashMap<>();
        var none = new PathTree.Builder();
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (!route.config().enabled()) {
                continue;
            }
            var rule = new Rule(route, i);
            if (route.config().host().isEmpty()) {
                none.add(rule);
            }
            for (String host : route.config().host()) {
                boolean wildcard = host.startsWith(WILDCARD);
                (wildcard ? wildcards : exact)
                        .computeIfAbsent(
                                wildcard ? host.substring(WILDCARD.length()) : host, k -> new PathTree.Builder())
                        .add(rule);
            }
        }
        this.exactHosts = new StringRangeMap<>(built(exact));
        this.wildcardHosts = new StringRangeMap<>(built(wildcards));
        this.anyWildcard = !wildcards.isEmpty();
        this.noHost = none.build();
    }

    /** The route whose host, path and conditions fit best; null if none fits. */
    @Nullable
    Route match(RouteRequest request) {
        Rule rule = visit(request, FIRST_THAT_FITS);
        return rule == null ? null : rule.route();
    }

    /**
     * Shows a visitor the rules whose host and path fit the request, in order of precedence, until it takes one. There
     * is no other way through the table: what a request takes and what is explained about it come from here.
     *
     * @return the rule taken; null if none was
     */
    @Nullable
    Rule visit(RouteRequest request, Visitor visitor) {
        String host = request.host();
        int hash = host.hashCode();
        Rule taken = visit(exactHosts.get(host, 0, host.length(), hash), request, visitor);
        if (taken == null && anyWildcard) {
            taken = visitWildcards(host, hash, request, visitor);
        }
        return taken == null ? visit(noHost, request, visitor) : taken;
    }

    /** Takes characters off the front of the host, and out of its hash, and looks up what is left behind each dot. */
    private @Nullable Rule visitWildcards(String host, int hashOfHost, RouteRequest request, Visitor visitor) {
        int length = host.length();
        int hash = hashOfHost;
        int power = power(length - 1);
        for (int i = 0; i < length; i++) {
            char c = host.charAt(i);
            hash -= c * power;
            power *= StringRangeMap.INVERSE_FACTOR;
            if (c == '.' && i > 0) {
                Rule taken = visit(wildcardHosts.get(host, i + 1, length, hash), request, visitor);
                if (taken != null) {
                    return taken;
                }
            }
        }
        return null;
    }

    private static @Nullable Rule visit(@Nullable PathTree tree, RouteRequest request, Visitor visitor) {
        if (tree == null) {
            return null;
        }
        visitor.enters(tree);
        return tree.visit(request, visitor);
    }

    private static int power(int exponent) {
        int power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= StringRangeMap.FACTOR;
        }
        return power;
    }

    private static Map<String, PathTree> built(Map<String, PathTree.Builder> builders) {
        Map<String, PathTree> trees = new HashMap<>();
        builders.forEach((host, builder) -> trees.put(host, builder.build()));
        return trees;
    }

    /** Looks on as the rules that may take a request come by. */
    interface Visitor {

        /** The routes of a host that fits come next. */
        default void enters(PathTree tree) {}

        /** Whether to end here. */
        boolean takes(Rule rule, RouteRequest request);
    }
}
