package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.LoadBalancing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the slowest requests when one of five backends takes ten times as long. */
class BalancingSimulationTest {

    private static final BalancingSimulation.Outcome IN_TURN = BalancingSimulation.of(LoadBalancing.ROUND_ROBIN, 5);

    @ParameterizedTest
    @EnumSource(names = {"TWO_CHOICES", "LEAST_REQUESTS", "LEAST_LATENCY"})
    void sparesRequestsASlowBackend(LoadBalancing strategy) {
        BalancingSimulation.Outcome outcome = BalancingSimulation.of(strategy, 5);

        assertThat(outcome.illP99()).isLessThan(IN_TURN.illP99() / 5);
        assertThat(outcome.slowShare()).isLessThan(100);
        assertThat(outcome.backShare()).isBetween(150, 250);
    }

    @Test
    void boundsWhatAHashGivesASlowBackend() {
        BalancingSimulation.Outcome outcome = BalancingSimulation.of(LoadBalancing.HASH, 5);

        assertThat(outcome.illP99()).isLessThan(IN_TURN.illP99() / 5);
        assertThat(outcome.slowShare()).isLessThan(100);
    }

    @Test
    void leavesASlowBackendNearlyAloneByLatency() {
        assertThat(BalancingSimulation.of(LoadBalancing.LEAST_LATENCY, 5).slowShare())
                .isLessThan(20);
        assertThat(BalancingSimulation.of(LoadBalancing.LEAST_LATENCY, 100).slowShare())
                .isLessThan(2);
    }
}
