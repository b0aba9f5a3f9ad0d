package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.portway.config.LoadBalancing;
import org.junit.jupiter.api.Test;

class TwoChoicesTest { // behaviour 72

    private final Targets targets = new Targets();

    @Test
    void picksByWeightWhileNobodyIsBusy() {
        Target[] three = targets.weighing(1, 2, 1);

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.TWO_CHOICES, three), 100_000, three);

        assertThat(counts[0]).isCloseTo(25_000, within(800));
        assertThat(counts[1]).isCloseTo(50_000, within(800));
        assertThat(counts[2]).isCloseTo(25_000, within(800));
    }

    @Test
    void neverPicksTheBusiestOfAll() {
        Target[] three = targets.weighing(1, 1, 1);
        Targets.busy(three[1], 1);

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.TWO_CHOICES, three), 10_000, three);

        assertThat(counts[1]).isZero();
        assertThat(counts[0]).isCloseTo(5_000, within(250));
    }

    @Test
    void alwaysPicksTheLessBusyOfTwo() {
        Target[] two = targets.weighing(1000, 1);
        Targets.busy(two[0], 1);

        assertThat(Targets.counts(Targets.upstream(LoadBalancing.TWO_CHOICES, two), 1000, two))
                .containsExactly(0, 1000);
    }

    @Test
    void weighsTheRequestsInFlight() {
        Target[] two = targets.weighing(4, 1);
        Targets.busy(two[0], 3);
        Targets.busy(two[1], 1);

        assertThat(Targets.counts(Targets.upstream(LoadBalancing.TWO_CHOICES, two), 1000, two))
                .containsExactly(1000, 0);
    }

    @Test
    void alwaysComparesTwoThoughOneIsDrawnNearlyAlways() {
        Target[] three = targets.weighing(1000, 1, 1);
        Targets.busy(three[0], 1);

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.TWO_CHOICES, three), 10_000, three);

        assertThat(counts[0]).isZero();
        assertThat(counts[1]).isCloseTo(5_000, within(250));
    }
}
