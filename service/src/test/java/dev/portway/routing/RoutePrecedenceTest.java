package dev.portway.routing;

import static dev.portway.routing.WrittenTable.route;
import static dev.portway.routing.WrittenTable.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.RouteConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** The matcher and a plain reading of the contract, which looks at every route in turn, agree on any table. */
class RoutePrecedenceTest {

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void takesTheRouteThatTheContractNames(
            @ForAll("tables") List<RouteDraft> drafts, @ForAll("requests") List<SampleRequest> requests) {
        RouteTable table = tableOf(drafts);

        for (SampleRequest request : requests) {
            assertThat(idOf(table.match(request)))
                    .isEqualTo(expected(table.config().routes(), request));
        }
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void explainsWhatItTakes(
            @ForAll("tables") List<RouteDraft> drafts, @ForAll("requests") List<SampleRequest> requests) {
        RouteTable table = tableOf(drafts);

        for (SampleRequest request : requests) {
            Explanation explanation = table.explain(request);

            assertThat(explanation.routeId()).isEqualTo(idOf(table.match(request)));
            List<String> all = new ArrayList<>(explanation.passedOver().stream()
                    .map(Explanation.PassedOver::routeId)
                    .toList());
            if (explanation.routeId() != null) {
                all.add(explanation.routeId());
            }
            assertThat(all)
                    .containsExactlyInAnyOrderElementsOf(
                            table.routes().stream().map(Route::id).toList());
            for (Explanation.PassedOver passedOver : explanation.passedOver()) {
                RouteConfig route =
                        table.route(passedOver.routeId()).orElseThrow().config();
                assertThat(passedOver.reason()).isIn(reasonsFor(route, request));
            }
        }
    }

    private static List<Explanation.Reason> reasonsFor(RouteConfig route, RouteRequest request) {
        if (!route.enabled()) {
            return List.of(Explanation.Reason.DISABLED);
        }
        if (hostRank(route, request) < 0) {
            return List.of(Explanation.Reason.HOST);
        }
        if (!pathFits(route, request)) {
            return List.of(Explanation.Reason.PATH);
        }
        if (!methodFits(route, request)) {
            return List.of(Explanation.Reason.METHOD);
        }
        return headersFit(route, request)
                ? List.of(Explanation.Reason.LESS_SPECIFIC, Explanation.Reason.LATER)
                : List.of(Explanation.Reason.HEADER);
    }

    private static @Nullable String expected(List<RouteConfig> routes, RouteRequest request) {
        return routes.stream()
                .filter(RouteConfig::enabled)
                .filter(route -> hostRank(route, request) >= 0)
                .filter(route -> pathFits(route, request))
                .filter(route -> methodFits(route, request))
                .filter(route -> headersFit(route, request))
                .max(Comparator.comparingInt((RouteConfig route) -> hostRank(route, request))
                        .thenComparingInt(route -> route.path().length())
                        .thenComparingInt(RoutePrecedenceTest::conditions)
                        .thenComparingInt(route -> -routes.indexOf(route)))
                .map(RouteConfig::id)
                .orElse(null);
    }

    /** Any host 0, a wildcard by its length, an exact one above all; -1 for one that does not fit. */
    private static int hostRank(RouteConfig route, RouteRequest request) {
        int best = route.host().isEmpty() ? 0 : -1;
        for (String host : route.host()) {
            if (host.equals(request.host())) {
                best = 1000;
            } else if (host.startsWith("*.")
                    && request.host().endsWith(host.substring(1))
                    && request.host().length() >= host.length()) {
                best = Math.max(best, host.length());
            }
        }
        return best;
    }

    private static boolean pathFits(RouteConfig route, RouteRequest request) {
        return route.path().equals("/")
                || request.path().equals(route.path())
                || request.path().startsWith(route.path() + "/");
    }

    private static boolean methodFits(RouteConfig route, RouteRequest request) {
        return route.methods().isEmpty() || route.methods().contains(request.method());
    }

    private static boolean headersFit(RouteConfig route, RouteRequest request) {
        return route.headers().entrySet().stream().allMatch(condition -> {
            String value = request.header(condition.getKey());
            return value != null
                    && (condition.getValue().equals("*") || condition.getValue().equals(value));
        });
    }

    private static int conditions(RouteConfig route) {
        return (route.methods().isEmpty() ? 0 : 1) + route.headers().size();
    }

    private static @Nullable String idOf(@Nullable Route route) {
        return route == null ? null : route.id();
    }

    private static RouteTable tableOf(List<RouteDraft> drafts) {
        WrittenTable written = written();
        for (int i = 0; i < drafts.size(); i++) {
            written.with(drafts.get(i).as("r" + i));
        }
        return written.table();
    }

    @Provide
    Arbitrary<List<RouteDraft>> tables() {
        Arbitrary<List<String>> hosts = Arbitraries.of(
                        "a.t", "b.a.t", "c.b.a.t", "*.t", "*.a.t", "*.b.a.t", "x", "*.x", "::1", "an.t", "c0.t")
                .list()
                .ofMaxSize(3)
                .uniqueElements();
        Arbitrary<String> paths = segments().map(path -> path.endsWith("/") && path.length() > 1 ? "/" : path);
        Arbitrary<List<String>> methods = Arbitraries.of("GET", "PUT").list().ofMaxSize(1);
        return Combinators.combine(
                        hosts,
                        paths,
                        methods,
                        headers("*"),
                        Arbitraries.frequencyOf(
                                Tuple.of(5, Arbitraries.just(true)), Tuple.of(1, Arbitraries.just(false))))
                .as(RouteDraft::new)
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<SampleRequest>> requests() {
        Arbitrary<String> hosts = Arbitraries.of(
                "",
                "a.t",
                "b.a.t",
                "d.a.t",
                "c.b.a.t",
                "d.c.b.a.t",
                "t",
                ".t",
                "x",
                "y.x",
                "[::1]",
                "aa.t",
                "bb.t",
                "z");
        return Combinators.combine(Arbitraries.of("GET", "PUT", "POST"), hosts, segments(), headers("3"))
                .as((method, host, path, headers) -> new SampleRequest(method, host, path, null, headers))
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    /** Few segments, two of them with the same hash, so that much collides. */
    private static Arbitrary<String> segments() {
        return Arbitraries.of("a", "b", "Aa", "BB", "%2F", "")
                .list()
                .ofMaxSize(4)
                .map(segments -> "/" + String.join("/", segments));
    }

    private static Arbitrary<Map<String, String>> headers(String other) {
        return Arbitraries.maps(Arbitraries.of("X-A", "x-b"), Arbitraries.of("1", "2", other))
                .ofMaxSize(2);
    }

    private record RouteDraft(
            List<String> hosts, String path, List<String> methods, Map<String, String> headers, boolean enabled) {

        WrittenTable.RouteWriter as(String id) {
            WrittenTable.RouteWriter route =
                    route(id).host(hosts.toArray(String[]::new)).path(path).methods(methods.toArray(String[]::new));
            headers.forEach(route::header);
            return enabled ? route : route.disabled();
        }
    }
}
