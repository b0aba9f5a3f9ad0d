package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.portway.config.LoadBalancing;
import java.util.Arrays;
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
    void keepsTheWeightsExactlyOverAllThatCanBeDrawn() {
        int[] weights = {1, 2, 3, 7, 11, 40};
        Target[] some = targets.weighing(weights);
        int[] counts = new int[some.length];

        for (int column = 0; column < some.length; column++) {
            for (int height = 0; height < 64; height++) {
                int[] draws = {height, column};
                int[] next = {2};
                Target picked = new WeightedRandom(Targets.candidates(some), bound -> draws[--next[0]])
                        .pick(Asked.anything(), 1);
                counts[Arrays.asList(some).indexOf(picked)]++;
            }
        }

        for (int i = 0; i < weights.length; i++) {
            assertThat(counts[i]).isEqualTo(weights[i] * some.length);
        }
    }
}
