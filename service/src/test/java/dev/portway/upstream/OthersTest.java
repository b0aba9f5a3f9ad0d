package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.LoadBalancing;
import dev.portway.config.TargetState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is picked where the strategy's choice cannot take the request. */
class OthersTest {

    private final Targets targets = new Targets();

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void passesOverTheFull(LoadBalancing strategy) { // behaviour 77
        Target[] three = targets.weighing(1, 1, 1);
        Upstream upstream = Targets.upstream(strategy, three);
        Targets.busy(three[0], 2);
        Targets.busy(three[2], 2);

        assertThat(upstream.pick(Asked.anything(), 2)).isSameAs(three[1]);
        assertThat(upstream.pick(Asked.anything(), 2)).isSameAs(three[1]);
        assertThat(upstream.pick(Asked.anything(), 2)).isEqualTo(Pick.Nobody.FULL);

        three[2].backend().end();
        assertThat(upstream.pick(Asked.anything(), 2)).isSameAs(three[2]);
    }

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void goesWhereItHasNotFailedYet(LoadBalancing strategy) {
        Target[] three = targets.weighing(1, 1, 1);
        Upstream upstream = Targets.upstream(strategy, three);

        for (int i = 0; i < 20; i++) {
            assertThat(Targets.pick(upstream, Asked.anything().failedAt(three[0], three[2])))
                    .isSameAs(three[1]);
        }
    }

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void goesWhereItHasFailedIfThereIsNoOther(LoadBalancing strategy) {
        Target[] two = targets.weighing(1, 1);
        Upstream upstream = Targets.upstream(strategy, two);
        Targets.busy(two[1], 1);

        assertThat(upstream.pick(Asked.anything().failedAt(two[0]), 1)).isSameAs(two[0]);
        assertThat(upstream.pick(Asked.anything().failedAt(two[0]), 1)).isEqualTo(Pick.Nobody.FULL);
    }

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void neverGoesWhereAPersonTookItOut(LoadBalancing strategy) {
        Target up = targets.weighing(1)[0];
        Target drained = targets.target(1, TargetState.DRAIN);
        Upstream upstream = Targets.upstream(strategy, up, drained);
        Targets.busy(up, 1);

        assertThat(upstream.pick(Asked.anything(), 1)).isEqualTo(Pick.Nobody.FULL);
    }
}
