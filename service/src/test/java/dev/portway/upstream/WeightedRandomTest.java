package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.portway.config.LoadBalancing;
import org.junit.jupiter.api.Test;

class WeightedRandomTest { // behaviour 72

    private final Targets targets = new Targets();

    @Test
    void picksByWeight() {
        Target[] three = targets.weighing(10, 50, 40);

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.RANDOM, three), 100_000, three);

        assertThat(counts[0]).isCloseTo(10_000, within(500));
        assertThat(counts[1]).isCloseTo(50_000, within(800));
        assertThat(counts[2]).isCloseTo(40_000, within(800));
    }

    @Test
    void reachesTheFirstAndTheLastPoint() {
        Target[] three = targets.weighing(1, 2, 3);

        assertThat(new WeightedRandom(three, bound -> 0).pick()).isSameAs(three[0]);
        assertThat(new WeightedRandom(three, bound -> bound - 1).pick()).isSameAs(three[2]);
        assertThat(new WeightedRandom(three, bound -> 1).pick()).isSameAs(three[1]);
    }
}
