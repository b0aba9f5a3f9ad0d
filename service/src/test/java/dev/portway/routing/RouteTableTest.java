package dev.portway.routing;

import static dev.portway.routing.WrittenTable.route;
import static dev.portway.routing.WrittenTable.written;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portway.config.HealthConfig;
import dev.portway.config.LoadBalancing;
import dev.portway.config.RouteTimeoutsConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import dev.portway.upstream.Backend;
import dev.portway.upstream.BackendPool;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class RouteTableTest {

    private final BackendPool pool = new BackendPool(InstantSource.system());

    @Test
    void compilesRoutesInTheOrderOfTheFile() {
        var tls = new TargetUrl("https", "api.example.com", 443, "/base", "k=1");

        RouteTable table = RouteTable.build(
                written()
                        .with(
                                route("b").targets(new TargetConfig(tls, 3, TargetState.DRAIN, null)),
                                route("a").disabled())
                        .fallback(9)
                        .config(),
                TableParts.of(pool));

        assertThat(table.routes()).extracting(Route::id).containsExactly("b", "a");
        Target target = table.routes().get(0).upstream().targets().get(0);
        assertThat(target.url()).isEqualTo(tls);
        assertThat(target.weight()).isEqualTo(3);
        assertThat(target.state()).isEqualTo(TargetState.DRAIN);
        assertThat(target.hostHeader()).isEqualTo("api.example.com");
        assertThat(requireNonNull(table.defaultRoute()).upstream().targets())
                .extracting(t -> t.url().toString())
                .containsExactly("http://localhost:9");
        assertThat(table.backends())
                .extracting(Backend::id)
                .containsExactly("api.example.com:443", "localhost:3000", "localhost:9");
    }

    @Test
    void putsARoutesOwnTimeoutsOverTheProxys() {
        var own = new RouteTimeoutsConfig(null, null, Duration.ofSeconds(7), null, null, null);

        Route route = written().with(route("a").timeouts(own)).table().routes().get(0);

        assertThat(route.timeouts().response()).isEqualTo(Duration.ofSeconds(7));
        assertThat(route.timeouts().connect()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void sharesABackendAmongRoutesButNotAmongChecks() {
        RouteTable table = RouteTable.build(
                written()
                        .with(
                                route("a").targets(1),
                                route("b").targets(1),
                                route("c").targets(1).health(HealthConfig.DEFAULT))
                        .config(),
                TableParts.of(pool));

        assertThat(backendOf(table, "a")).isSameAs(backendOf(table, "b")).isNotSameAs(backendOf(table, "c"));
        assertThat(table.backends()).hasSize(2);
    }

    @Test
    void givesEveryBackendBack() {
        RouteTable table = RouteTable.build(
                written()
                        .with(route("a").targets(1, 2), route("b").targets(2).disabled())
                        .fallback(2)
                        .config(),
                TableParts.of(pool));

        table.release(pool);

        assertThat(pool.backends()).isEmpty();
    }

    @Test
    void leavesThePoolAsItWasWhenItCannotBeBuilt() {
        RouteTable before =
                RouteTable.build(written().with(route("a").targets(1)).config(), TableParts.of(pool));

        assertThatThrownBy(() -> RouteTable.build(
                        written()
                                .with(route("x").targets(1, 2), route("x").targets(3))
                                .config(),
                        TableParts.of(pool)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("id: x");

        assertThat(pool.backends()).containsExactlyElementsOf(before.backends());
        before.release(pool);
        assertThat(pool.backends()).isEmpty();
    }

    @Test
    void keepsWhatARouteRemembersThroughAnEditElsewhere() {
        RouteTable before = RouteTable.build(
                written().with(route("a").targets(1, 2)).fallback(3).config(), TableParts.of(pool));

        RouteTable after = RouteTable.build(
                written()
                        .with(route("new").targets(4), route("a").path("/moved").targets(1, 2))
                        .fallback(3)
                        .config(),
                TableParts.of(pool),
                before);
        before.release(pool);

        assertThat(after.routes().get(1).upstream())
                .isSameAs(before.routes().get(0).upstream());
        assertThat(requireNonNull(after.defaultRoute()).upstream())
                .isSameAs(requireNonNull(before.defaultRoute()).upstream());
        after.release(pool);
        assertThat(pool.backends()).isEmpty();
    }

    @Test
    void beginsAnewWhereTheTargetsAreOther() {
        RouteTable before = RouteTable.build(
                written()
                        .with(
                                route("weight").targets(1, 2),
                                route("strategy").targets(1, 2),
                                route("host").targets(1),
                                route("health").targets(1))
                        .config(),
                TableParts.of(pool));

        RouteTable after = RouteTable.build(
                written()
                        .with(
                                route("weight")
                                        .targets(
                                                new TargetConfig(TargetUrl.ofPort(1), 5, TargetState.UP, null),
                                                TargetConfig.of(TargetUrl.ofPort(2))),
                                route("strategy").targets(1, 2).loadBalancing(LoadBalancing.RANDOM),
                                route("host").targets(1).hostHeader("target"),
                                route("health").targets(1).health(HealthConfig.DEFAULT))
                        .config(),
                TableParts.of(pool),
                before);

        for (int i = 0; i < 4; i++) {
            assertThat(after.routes().get(i).upstream())
                    .isNotSameAs(before.routes().get(i).upstream());
        }
        before.release(pool);
        after.release(pool);
        assertThat(pool.backends()).isEmpty();
    }

    private static Backend backendOf(RouteTable table, String id) {
        return table.route(id).orElseThrow().upstream().targets().get(0).backend();
    }
}
