package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeastLatencyTest {

    private final Targets targets = new Targets();

    @Test
    void picksTheOneThatAnswersFirst() {
        Target[] three = targets.weighing(1, 1, 1);
        answered(three[0], 30);
        answered(three[1], 10);
        answered(three[2], 20);

        assertThat(Targets.counts(Targets.upstream(LoadBalancing.LEAST_LATENCY, three), 100, three))
                .containsExactly(0, 100, 0);
    }

    @Test
    void isNotDrawnByErrorsThatComeQuickly() {
        Target[] two = targets.weighing(1, 1);
        answered(two[0], 10);
        two[1].backend().recordError(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(Targets.counts(Targets.upstream(LoadBalancing.LEAST_LATENCY, two), 10, two))
                .containsExactly(10, 0);

        answered(two[1], 30);
        for (int i = 0; i < 100; i++) {
            two[1].backend().recordError(TimeUnit.MILLISECONDS.toNanos(1));
        }

        assertThat(Targets.counts(Targets.upstream(LoadBalancing.LEAST_LATENCY, two), 10, two))
                .containsExactly(10, 0);
    }

    @Test
    void countsTheRequestsThatWait() {
        Target[] two = targets.weighing(1, 1);
        answered(two[0], 10);
        answered(two[1], 25);
        Targets.busy(two[0], 2);

        assertThat(Targets.counts(Targets.upstream(LoadBalancing.LEAST_LATENCY, two), 10, two))
                .containsExactly(0, 10);
    }

    @Test
    void weighsTheTime() {
        Target[] two = targets.weighing(1, 3);
        answered(two[0], 10);
        answered(two[1], 25);

        assertThat(Targets.counts(Targets.upstream(LoadBalancing.LEAST_LATENCY, two), 10, two))
                .containsExactly(0, 10);
    }

    @Test
    void beginsWithAnyOfSeveralNewOnes() {
        Target[] four = targets.weighing(1, 1, 1, 1);

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.LEAST_LATENCY, four), 4_000, four);

        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(count -> assertThat(count).isCloseTo(1_000, within(150)));
    }

    @Test
    void triesANewOneWithOneRequestAtATime() {
        Target[] two = targets.weighing(1, 1);
        answered(two[0], 500);
        Upstream upstream = Targets.upstream(LoadBalancing.LEAST_LATENCY, two);

        assertThat(Targets.pick(upstream)).isSameAs(two[1]);
        Targets.busy(two[1], 1);

        assertThat(Targets.counts(upstream, 10, two)).containsExactly(10, 0);
    }

    @Test
    void triesAgainOneThatWasSlowLongAgo() {
        Target[] two = targets.weighing(1, 1);
        answered(two[0], 10);
        answered(two[1], 1_000);
        Upstream upstream = Targets.upstream(LoadBalancing.LEAST_LATENCY, two);

        assertThat(Targets.pick(upstream)).isSameAs(two[0]);
        targets.nanos.addAndGet(TimeUnit.SECONDS.toNanos(90));
        answered(two[0], 10);

        assertThat(Targets.pick(upstream)).isSameAs(two[1]);
    }

    @Test
    void doesNotFloodOneThatComesBack() {
        Target[] two = targets.weighing(1, 1);
        answered(two[0], 10);
        answered(two[1], 10);
        Upstream upstream = Targets.upstream(LoadBalancing.LEAST_LATENCY, two);
        Targets.health(two[1], Condition.Health.DOWN);
        targets.nanos.addAndGet(TimeUnit.MINUTES.toNanos(10));
        answered(two[0], 10);

        Targets.health(two[1], Condition.Health.UP);

        pickFifty(upstream);
        assertThat(two[1].backend().inFlight()).isEqualTo(1);
        answered(two[1], 10);
        pickFifty(upstream);
        assertThat(two[1].backend().inFlight()).isBetween(49, 51);
    }

    @Test
    void triesOneThatWasTakenOutForLongBeforeItSendsMore() {
        Target[] two = targets.weighing(1, 1);
        Upstream both = Targets.upstream(LoadBalancing.LEAST_LATENCY, two);
        answered(two[0], 10);
        answered(two[1], 10);
        Shares one = Shares.of(List.of(two[0]), null, targets.nanos.get());
        targets.nanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
        answered(two[0], 10);

        Upstream edited = new Upstream(
                List.of(two), LoadBalancingConfig.of(LoadBalancing.LEAST_LATENCY), null, Targets.seeded(1), one);
        pickFifty(edited);

        assertThat(both.targets()).isEqualTo(edited.targets());
        assertThat(two[1].backend().inFlight()).isEqualTo(1);
    }

    @Test
    void forgetsNothingOfOneThatAnotherRouteComesToUse() {
        Target[] two = targets.weighing(1, 1);
        Upstream upstream = Targets.upstream(LoadBalancing.LEAST_LATENCY, two);
        answered(two[0], 10);
        answered(two[1], 1_000);
        targets.nanos.addAndGet(TimeUnit.SECONDS.toNanos(20));
        answered(two[0], 10);

        Targets.upstream(LoadBalancing.ROUND_ROBIN, two[1]);

        assertThat(Targets.pick(upstream)).isSameAs(two[0]);
    }

    @Test
    void holdsWhatClientsGaveUpAgainstIt() {
        Target[] two = targets.weighing(1, 1);
        Upstream upstream = Targets.upstream(LoadBalancing.LEAST_LATENCY, two);
        answered(two[0], 10);
        answered(two[1], 10);

        two[0].backend().recordGivenUp(TimeUnit.SECONDS.toNanos(10)); // it hangs, and nobody waits for longer
        two[1].backend().recordGivenUp(TimeUnit.MILLISECONDS.toNanos(1)); // which says nothing

        assertThat(Targets.counts(upstream, 1_000, two)).containsExactly(0, 1_000);
    }

    @Test
    void avoidsASlowOneAmongMany() {
        Target[] many = targets.weighing(IntStream.generate(() -> 1).limit(100).toArray());
        for (Target target : many) {
            answered(target, target.equals(many[7]) ? 1_000 : 10);
        }

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.LEAST_LATENCY, many), 10_000, many);

        assertThat(counts[7]).isZero();
    }

    private static void pickFifty(Upstream upstream) {
        for (int i = 0; i < 50; i++) {
            upstream.pick(Asked.anything(), Integer.MAX_VALUE);
        }
    }

    private static void answered(Target target, int millis) {
        target.backend().recordLatency(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
