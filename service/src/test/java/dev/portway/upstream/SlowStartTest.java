package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.portway.config.EjectionConfig;
import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.Resolve;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlowStartTest {

    private static final int PICKS = 10_000;

    private final Targets targets = new Targets();
    private final Target fast = targets.weighing(1)[0];
    private Target slow;

    @BeforeEach
    void start() {
        slow = slow(100, TargetState.UP);
    }

    @Test
    void letsAllHaveTheirShareAtOnceInTheBeginning() {
        assertThat(share(Targets.upstream(LoadBalancing.ROUND_ROBIN, fast, slow)))
                .isEqualTo(0.5);
    }

    @Test
    void letsTheShareOfOneThatComesBackGrow() {
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, fast, slow);
        Targets.health(slow, Condition.Health.DOWN);
        assertThat(share(upstream)).isZero();

        Targets.health(slow, Condition.Health.UP);

        assertThat(share(upstream)).isCloseTo(0.05 / 1.05, within(0.001));
        pass(50);
        assertThat(share(upstream)).isCloseTo(0.5 / 1.5, within(0.001));
        pass(45);
        assertThat(share(upstream)).isCloseTo(0.95 / 1.95, within(0.001));
        pass(5);
        assertThat(share(upstream)).isEqualTo(0.5);
    }

    @Test
    void holdsAlsoForOneThatAPersonSetUpAgain() {
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, fast, slow);
        slow.backend().override(TargetState.DRAIN);
        assertThat(share(upstream)).isZero();

        slow.backend().override(null);

        assertThat(share(upstream)).isCloseTo(0.05 / 1.05, within(0.001));
    }

    @Test
    void holdsForOneThatIsBackAfterAnEjectionFromItsTrialOn() {
        Standing standing = slow.backend().standing(EjectionConfig.DEFAULT);
        Target ejected = new Target(slow.backend(), slow.config(), null, standing);
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, fast, ejected);
        Standing.State ejection = null;
        while (ejection == null) {
            ejection = standing.failed(standing.state(), "answered 500", 0);
        }
        assertThat(Targets.counts(upstream, PICKS, ejected)).containsExactly(0);

        standing.tryAgain(ejection);
        assertThat(Targets.counts(upstream, PICKS, ejected))
                .as("as few as a trial lets")
                .containsExactly(1);
        while (standing.state().phase() == Standing.Phase.TRIAL) {
            standing.succeeded(standing.state());
        }

        assertThat(Targets.counts(upstream, 10_500, ejected)[0]).isCloseTo(500, within(10));
        pass(50);
        assertThat(Targets.counts(upstream, 10_500, ejected)[0]).isCloseTo(3_500, within(10));
        pass(50);
        assertThat(Targets.counts(upstream, 10_500, ejected)[0]).isEqualTo(5_250);
    }

    @Test
    void beginsAnewWhereItIsEjectedWhileItGrows() {
        Standing standing = slow.backend().standing(EjectionConfig.DEFAULT);
        Target ejected = new Target(slow.backend(), slow.config(), null, standing);
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, fast, ejected);
        Targets.health(slow, Condition.Health.DOWN);
        Targets.pick(upstream);
        Targets.health(slow, Condition.Health.UP);
        Targets.pick(upstream);
        pass(90);
        assertThat(upstream.growth(ejected)).isEqualTo(new Growth(0.9, Duration.ofSeconds(10)));

        Standing.State ejection = null;
        while (ejection == null) {
            ejection = standing.failed(standing.state(), "answered 500", 0);
        }
        assertThat(upstream.growth(ejected)).isNull();
        standing.tryAgain(ejection);

        assertThat(upstream.growth(ejected)).isEqualTo(new Growth(0.05, Duration.ofSeconds(100)));
    }

    @Test
    void holdsForOneThatAnEditBringsIn() {
        var before = new Upstream(List.of(fast), LoadBalancingConfig.DEFAULT);
        var after = new Upstream(List.of(fast, slow), LoadBalancingConfig.DEFAULT, null, before);
        assertThat(share(after)).isCloseTo(0.05 / 1.05, within(0.001));
        pass(50);

        var edited = new Upstream(List.of(slow, fast), LoadBalancingConfig.of(LoadBalancing.RANDOM), null, after);

        assertThat(share(edited)).isCloseTo(0.5 / 1.5, within(0.03));
    }

    @Test
    void holdsForOneThatTheFileSetsUpAgain() {
        Target drained = new Target(slow.backend(), config(slow.url(), 100, TargetState.DRAIN), null, null);
        var before = new Upstream(List.of(fast, drained), LoadBalancingConfig.DEFAULT);

        var after = new Upstream(List.of(fast, slow), LoadBalancingConfig.DEFAULT, null, before);

        assertThat(share(after)).isCloseTo(0.05 / 1.05, within(0.001));
    }

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void makesNoOtherStrategySendItMore(LoadBalancing strategy) {
        Target[] three = {fast, targets.weighing(1)[0], slow};
        Upstream upstream = Targets.upstream(strategy, three);
        for (Target target : three) {
            target.backend().recordLatency(1_000_000);
        }
        Targets.health(slow, Condition.Health.DOWN);
        Targets.counts(upstream, 1);
        Targets.health(slow, Condition.Health.UP);

        int inFlight = 0;
        for (int i = 0; i < 600; i++) {
            Pick pick = upstream.pick(Asked.by("client " + i), Integer.MAX_VALUE);
            inFlight += pick == slow ? 1 : 0;
        }

        assertThat(inFlight).isBetween(1, 40);
    }

    private double share(Upstream upstream) {
        return (double) Targets.counts(upstream, PICKS, slow)[0] / PICKS;
    }

    private void pass(int seconds) {
        targets.nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private Target slow(int seconds, TargetState state) {
        return targets.target(config(TargetUrl.ofPort(9), seconds, state));
    }

    private static TargetConfig config(TargetUrl url, int seconds, TargetState state) {
        return new TargetConfig(
                url, 1, state, null, TargetConfig.ANY_NUMBER, null, Duration.ofSeconds(seconds), null, Resolve.ONE);
    }
}
