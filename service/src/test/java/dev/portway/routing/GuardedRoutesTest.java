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
import org.jspecify.annotations.Nullable;
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
            Set.of(),
            Map.of());

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

    /** Whatever the client's part of the path is made into, a guarded route of the same backend is not reached by it. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "strip, /pub/admin, guarded-admin",
                "strip, /pub/Admin/x, guarded-admin",
                "strip, /pub//admin, guarded-admin",
                "strip, /pub/x%2f..%2fadmin, guarded-admin",
                "strip, /pub/x, -",
                "strip, /pub/administrator, -",
                "add, /pub/..;/secret, guarded-all",
                "add, /pub/x, -",
                "add, /pub/secret, -",
                "pattern, /pub/open/admin, guarded-admin",
                "pattern, /pub/open/x, -",
                "constant, /pub/ping, -",
                "constant, /pub/ping/keys, guarded-keys"
            })
    void noRewriteLeadsToAGuardedRoute(String kind, String path, @Nullable String guarded) {
        RewriteConfig rewrite = switch (kind) {
            case "strip" -> new RewriteConfig("/pub", null, "", null, true);
            case "add" -> new RewriteConfig("/pub", null, "", "/a/public", true);
            case "pattern" -> new RewriteConfig(null, "^/pub/open/(.*)$", "/$1", null, true);
            default -> new RewriteConfig(null, "^/pub/ping", "/status", null, true);
        };
        RouteTable rewriting = RouteTable.build(
                written()
                        .with(
                                route("open").path("/pub").targets(1).rules(with(rewrite)),
                                route("guarded-all").path("/").targets(1).rules(RULES),
                                route("guarded-status")
                                        .path("/status")
                                        .targets(1)
                                        .rules(RULES),
                                route("guarded-keys")
                                        .path("/status/keys")
                                        .targets(1)
                                        .rules(RULES),
                                route("guarded-admin").path("/admin").targets(1).rules(RULES))
                        .config(),
                new TableParts(new BackendPool(InstantSource.system()), NameBook.EMPTY, GUARDING));
        SampleRequest request = request("a.test", path);
        Route taken = requireNonNull(rewriting.match(request));

        Route behind = rewriting.guardedOtherwise(request, taken);

        assertThat(taken.id()).isEqualTo("open");
        assertThat(behind == null ? null : behind.id()).isEqualTo(guarded);
    }

    @Test
    void theSameGuardBehindARewriteIsNotGoneRound() {
        RulesConfig rewriting = new RulesConfig(
                RULES.filter(),
                null,
                null,
                RULES.request(),
                RULES.response(),
                null,
                null,
                new RewriteConfig("/pub", null, "", null, true),
                null,
                null,
                null,
                Set.of(),
                Map.of());
        RouteTable same = RouteTable.build(
                written()
                        .with(
                                route("guarded-pub").path("/pub").targets(1).rules(rewriting),
                                route("guarded-admin").path("/admin").targets(1).rules(RULES))
                        .config(),
                new TableParts(new BackendPool(InstantSource.system()), NameBook.EMPTY, GUARDING));
        SampleRequest request = request("a.test", "/pub/admin");

        assertThat(same.guardedOtherwise(request, requireNonNull(same.match(request))))
                .isNull();
    }

    @Test
    void aPathTooLongToBeReadInAllWaysIsTakenForAGuardedOne() {
        String plain = "/x".repeat(5000);
        String obscure = plain + "%2F;a";

        assertThat(table.guardedOtherwise(request("a.test", plain), open())).isNull();
        assertThat(table.guardedOtherwise(request("a.test", "/x%2F;a"), open())).isNull();
        assertThat(requireNonNull(table.guardedOtherwise(request("a.test", obscure), open()))
                        .id())
                .isEqualTo("guarded-admin");
    }

    private Route open() {
        return requireNonNull(table.match(request("a.test", "/")));
    }

    private static RulesConfig with(RewriteConfig rewrite) {
        RulesConfig none = RulesConfig.NONE;
        return new RulesConfig(
                null,
                null,
                null,
                none.request(),
                none.response(),
                null,
                null,
                rewrite,
                null,
                null,
                null,
                Set.of(),
                Map.of());
    }

    private static SampleRequest request(String host, String path) {
        return SampleRequest.of("GET", "http://" + host + path, Map.of());
    }
}
