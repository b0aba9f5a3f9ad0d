package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.LoadBalancing;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoundRobinTest { // behaviours 68 and 69

    private final Targets targets = new Targets();

    @Test
    void goesRoundInTheOrderOfTheFile() {
        Target[] three = targets.weighing(5, 5, 5);

        assertThat(Targets.order(new RoundRobin(Targets.candidates(three), new AtomicLong()), 7, three))
                .containsExactly(0, 1, 2, 0, 1, 2, 0);
    }

    @Test
    void spreadsTheTurnsOfAHeavyTarget() {
        Target[] three = targets.weighing(5, 1, 1);

        assertThat(Targets.order(new RoundRobin(Targets.candidates(three), new AtomicLong()), 14, three))
                .containsExactly(0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0);
    }

    @Property(tries = 200)
    void keepsTheWeightsExactlyOverEveryRotation(
            @ForAll("weights") int[] weights, @ForAll @IntRange(max = 1000) int start) {
        Target[] some = targets.weighing(weights);
        int total = Targets.candidates(some).weights.total();

        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, some);
        Targets.counts(upstream, start);
        int[] counts = Targets.counts(upstream, total, some);

        for (int i = 0; i < some.length; i++) {
            assertThat(counts[i]).isEqualTo(Targets.candidates(some).weights.weight(i));
        }
    }

    @Test
    void keepsTheWeightsExactlyWhereARotationIsTooLongToWriteDown() {
        int[] weights = new Random(7).ints(100, 1, 1001).toArray();
        Target[] many = targets.weighing(weights);
        int total = Arrays.stream(weights).sum();

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.ROUND_ROBIN, many), total, many);

        assertThat(counts).isEqualTo(weights);
    }

    @Test
    void spreadsTurnsAlsoWhereARotationIsTooLongToWriteDown() {
        int[] weights = new Random(7).ints(100, 1, 1001).toArray();
        weights[0] = 40_000;
        Target[] many = targets.weighing(weights);
        double share = 40_000.0 / Arrays.stream(weights).sum();

        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, many);

        for (int i = 0; i < 500; i++) {
            int count = Targets.counts(upstream, 100, many[0])[0];
            assertThat(count).isBetween((int) (100 * share) - 4, (int) (100 * share) + 4);
        }
    }

    @Test
    void countsOnWhenATargetDropsOut() {
        Target[] three = targets.weighing(1, 1, 1);
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, three);

        Targets.health(three[1], Condition.Health.DOWN);

        assertThat(Targets.counts(upstream, 100, three)).containsExactly(50, 0, 50);
    }

    @Provide
    Arbitrary<int[]> weights() {
        return Arbitraries.integers()
                .between(1, 40)
                .array(int[].class)
                .ofMinSize(2)
                .ofMaxSize(8);
    }
}
