package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.portway.config.LoadBalancing;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeastRequestsTest { // behaviour 70

    private final Targets targets = new Targets();

    @Test
    void picksTheOneWithTheFewestInFlight() {
        Target[] three = targets.weighing(1, 1, 1);
        Targets.busy(three[0], 2);
        Targets.busy(three[1], 1);
        Targets.busy(three[2], 3);

        assertThat(Targets.counts(Targets.upstream(LoadBalancing.LEAST_REQUESTS, three), 100, three))
                .containsExactly(0, 100, 0);
    }

    @Test
    void breaksTiesAtRandom() {
        Target[] four = targets.weighing(1, 1, 1, 1);
        Targets.busy(four[1], 1);

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.LEAST_REQUESTS, four), 30_000, four);

        assertThat(counts[1]).isZero();
        assertThat(counts[0]).isCloseTo(10_000, within(400));
        assertThat(counts[2]).isCloseTo(10_000, within(400));
        assertThat(counts[3]).isCloseTo(10_000, within(400));
    }

    @Test
    void breaksTiesByWeight() {
        Target[] two = targets.weighing(3, 1);

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.LEAST_REQUESTS, two), 40_000, two);

        assertThat(counts[0]).isCloseTo(30_000, within(600));
    }

    @Test
    void fillsManyTargetsNearlyByWeight() {
        Target[] many =
                targets.weighing(IntStream.range(0, 100).map(i -> 1 + i % 10).toArray());
        Upstream upstream = Targets.upstream(LoadBalancing.LEAST_REQUESTS, many);

        for (int i = 0; i < 5_500; i++) {
            upstream.pick(Asked.anything(), 1000);
        }

        for (Target target : many) {
            assertThat(target.backend().inFlight()).isBetween(10 * target.weight() - 4, 10 * target.weight() + 3);
        }
    }

    @Test
    void fillsTargetsByWeight() {
        Target[] three = targets.weighing(3, 2, 1);
        Upstream upstream = Targets.upstream(LoadBalancing.LEAST_REQUESTS, three);

        for (int i = 0; i < 600; i++) {
            assertThat(upstream.pick(Asked.anything(), 1000)).isInstanceOf(Target.class);
        }

        assertThat(Arrays.stream(three).map(target -> target.backend().inFlight()))
                .containsExactly(300, 200, 100);
    }
}
