package dev.portway.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one host by the segments of their paths. A request walks down as far as segments are known, then climbs
 * back, so that it meets the longest path first. Immutable.
 *
 * <p>A route's path is a prefix on segment boundaries and a slash at its end says nothing: {@code /v1} and {@code /v1/}
 * both take {@code /v1}, {@code /v1/} and {@code /v1/x}, and neither takes {@code /v10}.
 */
final class PathTree {

    private static final Comparator<Rule> PRECEDENCE =
            Comparator.comparingInt(Rule::conditions).reversed().thenComparingInt(Rule::order);

    private final Node root;
    private final List<Rule> rules;

    private PathTree(Node root, List<Rule> rules) {
        this.root = root;
        this.rules = List.copyOf(rules);
    }

    /** A route's path without the slash at its end, hence {@code ""} for any. */
    static String prefix(Route route) {
        String path = route.config().path();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** All of them, in the order of the file. */
    List<Rule> rules() {
        return rules;
    }

    /**
     * The first rule, from the longest path to the shortest, then by precedence, that the visitor takes.
     *
     * @return null if it takes none
     */
    @Nullable
    Rule visit(RouteRequest request, RouteMatcher.Visitor visitor) {
        for (Node node = deepest(request.path()); node != null; node = node.parent) {
            for (Rule rule : node.rules) {
                if (visitor.takes(rule, request)) {
                    return rule;
                }
            }
        }
        return null;
    }

    private Node deepest(String path) {
        Node node = root;
        if (path.charAt(0) != '/') {
            return node; // OPTIONS *
        }
        int length = path.length();
        int from = 1;
        while (from <= length && node.children != null) {
            int hash = 0;
            int to = from;
            for (; to < length; to++) {
                char c = path.charAt(to);
                if (c == '/') {
                    break;
                }
                hash = hash * StringRangeMap.FACTOR + c;
            }
            Node child = node.children.get(path, from, to, hash);
            if (child == null) {
                return node;
            }
            node = child;
            from = to + 1;
        }
        return node;
    }

    private static final class Node {

        final @Nullable Node parent;
        Rule[] rules = {}; // written while the tree is built

        @Nullable
        StringRangeMap<Node> children; // written while the tree is built; null for none

        Node(@Nullable Node parent) {
            this.parent = parent;
        }
    }

    /** Gathers the rules of a host. Confined to one thread. */
    static final class Builder {

        private final Branch root = new Branch(null);
        private final List<Branch> branches = new ArrayList<>(List.of(root));
        private final List<Rule> rules = new ArrayList<>();

        void add(Rule rule) {
            String prefix = prefix(rule.route());
            Branch branch = root;
            for (int from = 1; from <= prefix.length(); ) {
                int slash = prefix.indexOf('/', from);
                int to = slash < 0 ? prefix.length() : slash;
                branch = branch.children.computeIfAbsent(prefix.substring(from, to), grow(branch));
                from = to + 1;
            }
            branch.rules.add(rule);
            rules.add(rule);
        }

        PathTree build() {
            for (Branch branch : branches) {
                branch.finish();
            }
            return new PathTree(root.node, rules);
        }

        private Function<String, Branch> grow(Branch parent) {
            return segment -> {
                var branch = new Branch(parent.node);
                branches.add(branch);
                return branch;
            };
        }
    }

    /** A node while the tree is built. */
    private static final class Branch {

        final Node node;
        final List<Rule> rules = new ArrayList<>();
        final Map<String, Branch> children = new HashMap<>();

        Branch(@Nullable Node parent) {
            this.node = new Node(parent);
        }

        void finish() {
            node.rules = rules.stream().sorted(PRECEDENCE).toArray(Rule[]::new);
            if (!children.isEmpty()) {
                Map<String, Node> nodes = new HashMap<>();
                children.forEach((segment, child) -> nodes.put(segment, child.node));
                node.children = new StringRangeMap<>(nodes);
            }
        }
    }
}
