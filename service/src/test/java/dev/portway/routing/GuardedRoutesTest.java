package dev.portway.routing;

import static dev.portway.routing.WrittenTable.route;
import static dev.portway.routing.WrittenTable.written;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.FilterConfig;
import dev.portway.config.RequestConfig;
import dev.portway.config.ResponseConfig;
import dev.portway.config.RewriteConfig;
import dev.portway.config.RulesConfig;
import dev.portway.upstream.BackendPool;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardedRoutesTest {

    private static final RulesConfig RULES = new RulesConfig(
            FilterConfig.of(List.of("GET"), List.of()),
            null,
            null,
            RequestConfig.AS_SENT,
            ResponseConfig.AS_SENT,
            null,
            null,
            RewriteConfig.NONE,
            null,
            null,
            null,
            Set.of());

    /** Guards the routes whose id begins with "guarded". */
    private static final PolicyCompiler GUARDING = route -> () -> route.id().startsWith("guarded");

    private final RouteTable table = RouteTable.build(
            written()
                    .with(
                            route("open").targets(1),
                            route("guarded-admin").path("/admin").targets(1).rules(RULES),
                            route("health").path("/admin/health").targets(1),
                            route("elsewhere").host("b.test").targets(2))
                    .config(),
            new TableParts(new BackendPool(InstantSource.system()), NameBook.EMPTY, GUARDING));

    @ParameterizedTest
    @CsvSource({
        "//admin, open",
        "/x%2F..%2Fadmin, open",
        "/x/..;/admin, open",
        "/ADMIN, open",
        "/admin;x, open",
        "/admin/health%2F..%2Fusers, guarded-admin"
    })
    void findsTheGuardedRouteThatABackendMayTakeThePathFor(String path, String taken) {
        SampleRequest request = request("a.test", path);
        Route route = requireNonNull(table.match(request));

        assertThat(route.id()).isEqualTo(taken);
        Route behind = table.guardedOtherwise(request, route);
        if (taken.equals("open")) {
            assertThat(requireNonNull(behind).id()).isEqualTo("guarded-admin");
        } else {
            assertThat(behind).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"/", "/x%2Fy", "/X/y", "/admin", "/admin/health//deep", "/administrator"})
    void letsOtherPathsBe(String path) {
        SampleRequest request = request("a.test", path);

        assertThat(table.guardedOtherwise(request, requireNonNull(table.match(request))))
                .isNull();
    }

    @Test
    void isExplained() {
        Explanation explanation = table.explain(request("a.test", "//admin"));

        assertThat(explanation.routeId()).isEqualTo("open");
        assertThat(explanation.mistakenForId()).isEqualTo("guarded-admin");
        assertThat(table.explain(request("a.test", "/admin")).rules()).isEqualTo(RULES);
    }

    @Test
    void doesNotCareForRoutesToOtherBackends() {
        SampleRequest request = request("b.test", "//admin");

        assertThat(table.guardedOtherwise(request, requireNonNull(table.match(request))))
                .isNull();
    }

    @Test
    void doesNotCareWhereTheRulesAreTheSame() {
        RouteTable same = RouteTable.build(
                written()
                        .with(
                                route("guarded-all").targets(1).rules(RULES),
                                route("guarded-admin").path("/admin").targets(1).rules(RULES))
                        .config(),
                new TableParts(new BackendPool(InstantSource.system()), NameBook.EMPTY, GUARDING));
        SampleRequest request = request("a.test", "//admin");

        assertThat(same.guardedOtherwise(request, requireNonNull(same.match(request))))
                .isNull();
    }

    private static SampleRequest request(String host, String path) {
        return SampleRequest.of("GET", "http://" + host + path, Map.of());
    }
}
