package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.TargetState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpstreamTest {

    private final Targets targets = new Targets();

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void picksFromWhatMayBePickedAlone(LoadBalancing strategy) {
        Target up = targets.target(1, TargetState.UP);
        Target alsoUp = targets.target(1, TargetState.UP);
        Target[] all = {
            targets.target(0, TargetState.UP),
            targets.target(1, TargetState.DRAIN),
            up,
            targets.target(1, TargetState.DOWN),
            targets.weighing(1)[0],
            alsoUp
        };
        Targets.health(all[4], Condition.Health.DOWN);

        int[] counts = Targets.counts(Targets.upstream(strategy, all), 1_000, all);

        assertThat(counts[2]).isPositive();
        assertThat(counts[5]).isPositive();
        assertThat(counts[2] + counts[5]).isEqualTo(1_000);
    }

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void passesOverTheUnhealthyUnlessAllAre(LoadBalancing strategy) { // behaviour 82
        Target[] two = targets.weighing(1, 1);
        Target drained = targets.target(1, TargetState.DRAIN);
        Upstream upstream = Targets.upstream(strategy, two[0], two[1], drained);

        Targets.health(two[0], Condition.Health.DOWN);
        assertThat(Targets.counts(upstream, 10, two)).containsExactly(0, 10);

        Targets.health(two[1], Condition.Health.DOWN);
        assertThat(Targets.counts(upstream, 100, drained)).containsExactly(0);
        assertThat(Targets.counts(upstream, 100, two)).doesNotContain(0);

        Targets.health(two[0], Condition.Health.UP);
        assertThat(Targets.counts(upstream, 10, two)).containsExactly(10, 0);
    }

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void picksNothingWhereEverythingIsTakenOut(LoadBalancing strategy) {
        Target[] two = targets.weighing(1, 1);
        Upstream upstream = Targets.upstream(strategy, two);

        two[0].backend().override(TargetState.DOWN);
        two[1].backend().override(TargetState.DRAIN);
        assertThat(Targets.pick(upstream)).isEqualTo(Pick.Nobody.TAKEN_OUT);
        assertThat(upstream.candidates()).isEmpty();

        two[1].backend().override(null);
        assertThat(Targets.pick(upstream)).isSameAs(two[1]);
        assertThat(upstream.candidates()).containsExactly(two[1]);
    }

    @Test
    void picksNothingFromNothing() {
        assertThat(Targets.pick(new Upstream(List.of(), LoadBalancingConfig.DEFAULT)))
                .isEqualTo(Pick.Nobody.TAKEN_OUT);
    }

    @Test
    void treatsABackendThatNobodyLookedAtAsWell() {
        Target[] two = targets.weighing(1, 1);
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, two);

        Targets.health(two[0], Condition.Health.UP);

        assertThat(Targets.counts(upstream, 10, two)).containsExactly(5, 5);
    }

    @Test
    void refusesBackendsOfDifferentPools() {
        Target mine = targets.weighing(1)[0];
        Target other = new Targets().weighing(1)[0];

        assertThatThrownBy(() -> new Upstream(List.of(mine, other), LoadBalancingConfig.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: backends of one pool");
    }
}
