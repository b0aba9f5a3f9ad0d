package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.RulesConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetUrl;
import dev.portway.upstream.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which route a request would take, why the others would not, and what would be sent where. It is what the matcher itself
 * does with the request, looked on; nothing is changed. Immutable.
 *
 * @param host as routes are compared with it
 * @param path as routes are compared with it
 * @param routeId of the route taken; {@link Route#DEFAULT_ID} where none of the routes fits; null where there is no default
 *     either, hence 404
 * @param passedOver the other routes, in the order of the file, the default left out
 * @param destinations what would be sent, one for each target, in the order of the file
 * @param rules of the route taken; {@link RulesConfig#NONE} where none is
 * @param mistakenForId of the guarded route that a backend may take the path for, so that the request is refused; null for
 *     none
 */
public record Explanation(
        String host,
        String path,
        @Nullable String routeId,
        List<PassedOver> passedOver,
        List<Destination> destinations,
        RulesConfig rules,
        @Nullable String mistakenForId) {

    public Explanation {
        passedOver = List.copyOf(passedOver);
        destinations = List.copyOf(destinations);
        requireNonNull(rules, "rules");
    }

    /** What {@code table} does with {@code request}. */
    static Explanation of(RouteTable table, SampleRequest request) {
        var onlooker = new Onlooker();
        table.matcher().visit(request, onlooker);
        List<PassedOver> passedOver = new ArrayList<>();
        for (Route route : table.routes()) {
            if (onlooker.taken == null
                    || !route.id().equals(onlooker.taken.route().id())) {
                passedOver.add(onlooker.passedOver(route, request));
            }
        }
        Route taken = onlooker.taken == null ? table.defaultRoute() : onlooker.taken.route();
        Route mistakenFor = taken == null ? null : table.guardedOtherwise(request, taken);
        return new Explanation(
                request.host(),
                request.path(),
                taken == null ? null : taken.id(),
                passedOver,
                taken == null ? List.of() : destinations(taken, request),
                taken == null ? RulesConfig.NONE : taken.config().rules(),
                mistakenFor == null ? null : mistakenFor.id());
    }

    private static List<Destination> destinations(Route route, SampleRequest request) {
        String path;
        try {
            path = PathRewrite.of(route.config()).apply(RequestPath.resolveDots(request.rawPath()));
        } catch (IllegalArgumentException e) {
            return List.of(); // refused
        }
        String query = route.config().rules().request().forwardQuery() ? request.query() : null;
        Set<Target> candidates = new HashSet<>(route.upstream().candidates());
        List<Destination> destinations = new ArrayList<>();
        for (Target target : route.upstream().targets()) {
            String hostHeader = target.hostHeader();
            destinations.add(new Destination(
                    target.backend().id(),
                    target.url().origin(),
                    withoutQuery(target).requestTarget(path, query),
                    hostHeader == null ? request.authority() : hostHeader,
                    candidates.contains(target)));
        }
        return destinations;
    }

    private static Target withoutQuery(Target target) {
        TargetUrl url = target.url();
        TargetUrl bare = new TargetUrl(url.scheme(), url.host(), url.port(), url.path(), null);
        return new Target(target.backend(), TargetConfig.of(bare), target.hostHeader(), null);
    }

    /**
     * A route the request does not take.
     *
     * @param because the reason in words, a sentence without its full stop
     */
    public record PassedOver(String routeId, Reason reason, String because) {}

    /** Why a route is passed over: the first of these that holds. */
    public enum Reason {
        DISABLED,
        /** It serves other hosts. */
        HOST,
        /** It serves other paths. */
        PATH,
        METHOD,
        HEADER,
        /** It fits, as does one whose host, path or conditions say more. */
        LESS_SPECIFIC,
        /** It fits as well as one that stands before it in the file. */
        LATER
    }

    /**
     * What would be sent to a target.
     *
     * @param origin scheme, host and port connected to
     * @param requestTarget path and query, as the request line would have them but for the target's own base query, which
     *     may be a secret
     * @param hostHeader what {@code Host} would say
     * @param candidate whether load balancing may choose the target at this moment
     */
    public record Destination(
            String backendId, String origin, String requestTarget, String hostHeader, boolean candidate) {

        /** The URL, without the target's own base query; for {@code OPTIONS *} the origin alone. */
        public String url() {
            return requestTarget.equals("*") ? origin : origin + requestTarget;
        }
    }

    /** Sees every rule that comes by, where the matcher would end at the first that fits. Confined to one thread. */
    private static final class Onlooker implements RouteMatcher.Visitor {

        private final Map<String, Integer> hostRanks = new HashMap<>(); // by id, where the host fits; 0 is the best
        private final Map<String, Rule> met = new HashMap<>(); // by id, where host and path fit
        private int hosts;
        private @Nullable Rule taken;

        @Override
        public void enters(PathTree tree) {
            for (Rule rule : tree.rules()) {
                hostRanks.putIfAbsent(rule.route().id(), hosts);
            }
            hosts++;
        }

        @Override
        public boolean takes(Rule rule, RouteRequest request) {
            met.putIfAbsent(rule.route().id(), rule);
            if (taken == null && rule.fits(request)) {
                taken = rule;
            }
            return false;
        }

        PassedOver passedOver(Route route, RouteRequest request) {
            if (!route.config().enabled()) {
                return reason(route, Reason.DISABLED, "it is disabled");
            }
            if (!hostRanks.containsKey(route.id())) {
                String hosts = String.join(", ", route.config().host());
                return reason(route, Reason.HOST, "it serves the host " + hosts + " and not " + hostOf(request));
            }
            Rule rule = met.get(route.id());
            if (rule == null) {
                String path = route.config().path();
                return reason(route, Reason.PATH, "it serves the path " + path + " and not " + request.path());
            }
            if (!rule.methodFits(request)) {
                String methods = String.join(", ", route.config().methods());
                return reason(route, Reason.METHOD, "it serves " + methods + " and not " + request.method());
            }
            String header = rule.unmetHeader(request);
            if (header != null) {
                String state = request.header(header) == null ? " is missing" : " has another value";
                return reason(route, Reason.HEADER, "the header " + header + state);
            }
            return outdone(route, rule);
        }

        /** It fits, so something else has been taken. */
        private PassedOver outdone(Route route, Rule rule) {
            Rule best = requireNonNull(taken, "taken");
            String id = best.route().id();
            if (!Objects.equals(hostRanks.get(route.id()), hostRanks.get(id))) {
                return reason(route, Reason.LESS_SPECIFIC, id + " names the host more closely");
            }
            if (!PathTree.prefix(route).equals(PathTree.prefix(best.route()))) {
                return reason(route, Reason.LESS_SPECIFIC, id + " has the longer path");
            }
            return rule.conditions() < best.conditions()
                    ? reason(route, Reason.LESS_SPECIFIC, id + " has more conditions")
                    : reason(route, Reason.LATER, id + " stands before it in the file");
        }

        private static PassedOver reason(Route route, Reason reason, String because) {
            return new PassedOver(route.id(), reason, because);
        }

        private static String hostOf(RouteRequest request) {
            return request.host().isEmpty() ? "a request that names none" : request.host();
        }
    }
}
