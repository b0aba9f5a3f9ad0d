package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.EjectionConfig;
import dev.portway.config.HashKey;
import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.StatusRange;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FailingBackendsTest {

    private static final EjectionConfig AT_ONCE = new EjectionConfig(
            1,
            50,
            20,
            Duration.ofSeconds(10),
            new StatusRange(500, 599),
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            50);

    private final Targets targets = new Targets();

    @Test
    void whoFailsAndHasNeverAnsweredIsNotTakenForTheFastest() {
        Target[] three = targets.weighing(1, 1, 1);
        three[0].backend().recordLatency(1_000_000);
        three[1].backend().recordLatency(1_000_000);

        three[2].backend().recordFailure("closed the connection", Instant.EPOCH);

        int[] counts = Targets.counts(Targets.upstream(LoadBalancing.LEAST_LATENCY, three), 1000, three);
        assertThat(counts[2]).isZero();
        assertThat(three[2].backend().latency().averageNanos()).isZero();
    }

    @Test
    void ejectsNoMoreThanHalfOfThoseThatAreThere() {
        Target[] six = new Target[6];
        for (int i = 0; i < six.length; i++) {
            TargetUrl url = TargetUrl.ofPort(3000 + i);
            Backend backend = targets.pool.retain(new Backend.Identity(url, null, null, null));
            six[i] = new Target(backend, TargetConfig.of(url), null, backend.standing(AT_ONCE));
        }
        for (int i = 0; i < 3; i++) {
            Targets.health(six[i], Condition.Health.DOWN);
        }

        fail(six[3]);
        fail(six[4]);

        assertThat(Targets.upstream(LoadBalancing.ROUND_ROBIN, six).candidates())
                .containsExactlyInAnyOrder(six[4], six[5]);
    }

    @Test
    void namesThatJavaHashesAlikeShareTheKeys() {
        assertThat("svc-an:80".hashCode()).isEqualTo("svc-c0:80".hashCode());
        Target[] two = {named("svc-an"), named("svc-c0")};

        int[] counts = Targets.counts(
                Targets.upstream(new LoadBalancingConfig(LoadBalancing.HASH, HashKey.CLIENT), two), 10_000, two);

        assertThat(counts[1]).isBetween(3000, 7000);
    }

    @Test
    void letsAllGoWhoWaitWhereAllAreOnTrial() {
        TargetUrl url = TargetUrl.ofPort(3000);
        Backend backend = targets.pool.retain(new Backend.Identity(url, null, null, null));
        Standing standing = backend.standing(AT_ONCE);
        Target only = new Target(backend, TargetConfig.of(url), null, standing);
        standing.tryAgain(Objects.requireNonNull(standing.failed(standing.state(), "x", 0)));
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, only);
        List<Target> served = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            Objects.requireNonNull(upstream.await(Wait.For.PLACE, 5, 5, served::add))
                    .begin();
        }

        assertThat(served).hasSize(5);
    }

    private Target named(String host) {
        return targets.target(TargetConfig.of(new TargetUrl("http", host, 80, "", null)));
    }

    private static void fail(Target target) {
        Standing standing = Objects.requireNonNull(target.standing());
        standing.failed(standing.state(), "x", 0);
    }
}
