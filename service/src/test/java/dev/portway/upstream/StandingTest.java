package dev.portway.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.EjectionConfig;
import dev.portway.config.LoadBalancing;
import dev.portway.config.StatusRange;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import dev.portway.upstream.Standing.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StandingTest {

    private static final EjectionConfig RULE = rule(3, 50);

    private final AtomicLong nanos = new AtomicLong(1);
    private final BackendPool pool = new BackendPool(() -> Instant.EPOCH.plusNanos(nanos.get()), nanos::get);
    private int port = 1;

    @Test
    void ejectsAfterAsManyFailuresInARowAsTheRuleSays() { // behaviour 74
        Standing standing = standing(RULE);

        assertThat(standing.failed(standing.state(), "answered 500", 0)).isNull();
        assertThat(standing.failed(standing.state(), "answered 500", 0)).isNull();
        standing.succeeded(standing.state());
        assertThat(standing.failed(standing.state(), "answered 500", 0)).isNull();
        assertThat(standing.failed(standing.state(), "answered 500", 0)).isNull();
        Standing.State ejection = requireNonNull(standing.failed(standing.state(), "answered 503", 0));

        assertThat(ejection.phase()).isEqualTo(Phase.EJECTED);
        assertThat(ejection.reason()).isEqualTo("3 failures in a row, the last: answered 503");
        assertThat(ejection.times()).isEqualTo(1);
        assertThat(standing.ejections()).isEqualTo(1);
    }

    @Test
    void leavesWhoAsksForItAloneForAsLongAsAnEjectionLastsAtMost() {
        Standing standing = standing(RULE);

        Standing.State pause = requireNonNull(standing.busy("answered 503", Duration.ofDays(1), 0));

        assertThat(pause.phase()).isEqualTo(Phase.EJECTED);
        assertThat(pause.until()).isEqualTo(pause.since().plus(RULE.maxTime()));
        assertThat(pause.times()).isZero();
        assertThat(standing.busy("answered 503", Duration.ofSeconds(1), 0)).isNull();
        standing.tryAgain(pause);
        assertThat(standing.state().phase()).isEqualTo(Phase.TRIAL);
    }

    @Test
    void ejectsByTheRateOfAWindowThatHasEnoughRequests() {
        Standing standing = standing(rule(1000, 50));

        List<Standing.State> ejections = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            standing.succeeded(standing.state());
            advance(Duration.ofMillis(10));
            ejections.add(standing.failed(standing.state(), "answered 500", 0));
        }

        assertThat(ejections.subList(0, 9)).containsOnlyNulls();
        assertThat(requireNonNull(standing.state()).reason())
                .isEqualTo("11 of 21 requests failed, the last: answered 500");
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        Standing standing = standing(rule(1000, 50));

        for (int i = 0; i < 200; i++) {
            standing.failed(standing.state(), "answered 500", 0);
            advance(Duration.ofSeconds(1)); // never twenty within ten seconds
        }

        assertThat(standing.state().phase()).isEqualTo(Phase.GOOD);
    }

    @Test
    void bearsFailuresBelowTheRate() {
        Standing standing = standing(rule(1000, 50));

        for (int i = 0; i < 10_000; i++) {
            standing.succeeded(standing.state());
            standing.succeeded(standing.state());
            standing.failed(standing.state(), "answered 500", 0);
            advance(Duration.ofMillis(7));
        }

        assertThat(standing.state().phase()).isEqualTo(Phase.GOOD);
    }

    @Test
    void staysOutLongerEachTimeUpToTheLongest() {
        Standing standing = standing(RULE);

        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Standing.State ejection = eject(standing);
            times.add(Duration.between(ejection.since(), requireNonNull(ejection.until())));
            advance(Duration.ofSeconds(1));
            standing.tryAgain(ejection);
        }

        assertThat(times).extracting(Duration::toSeconds).containsExactly(5L, 10L, 15L, 20L, 20L);
    }

    @Test
    void addsAtMostATenthByJitter() {
        Standing standing = standing(rule(1, 50));

        Standing.State ejection = requireNonNull(standing.failed(standing.state(), "answered 500", 0.999));

        assertThat(Duration.between(ejection.since(), requireNonNull(ejection.until())))
                .isBetween(Duration.ofMillis(5_490), Duration.ofMillis(5_500));
    }

    @Test
    void beginsAnewAfterALongGoodTime() {
        Standing standing = standing(RULE);
        pass(standing, eject(standing));

        advance(Duration.ofSeconds(19));
        Standing.State soon = eject(standing);
        pass(standing, soon);
        advance(Duration.ofSeconds(20));
        Standing.State late = eject(standing);

        assertThat(soon.times()).isEqualTo(2);
        assertThat(late.times()).isEqualTo(1);
    }

    @Test
    void isGoodAgainAfterThreeRequestsThatGoWell() {
        Standing standing = standing(RULE);
        Standing.State ejection = eject(standing);

        standing.succeeded(standing.state()); // sent before the ejection
        assertThat(standing.state()).isSameAs(ejection);
        standing.tryAgain(ejection);

        assertThat(standing.succeeded(standing.state())).isFalse();
        assertThat(standing.succeeded(standing.state())).isFalse();
        assertThat(standing.succeeded(standing.state())).isTrue();
        assertThat(standing.state().phase()).isEqualTo(Phase.GOOD);
    }

    @Test
    void isEjectedAgainByOneFailureOnTrial() {
        Standing standing = standing(RULE);
        standing.tryAgain(eject(standing));

        Standing.State again = requireNonNull(standing.failed(standing.state(), "answered 500", 0));

        assertThat(again.times()).isEqualTo(2);
        assertThat(again.reason()).isEqualTo("answered 500");
    }

    @Test
    void takesLittleTrafficOnTrial() {
        Standing standing = standing(RULE);
        standing.tryAgain(eject(standing));

        int admitted = 0;
        for (int i = 0; i < 1_000; i++) {
            admitted += standing.admits() ? 1 : 0;
            advance(Duration.ofMillis(1));
        }

        assertThat(admitted).isEqualTo(4); // at 0, 100, 300 and 700 ms: none has come out
    }

    @Test
    void takesMoreAsTheFirstOfTheTrialGoesWell() {
        Standing standing = standing(RULE);
        standing.tryAgain(eject(standing));
        for (int i = 0; i < 10_000; i++) {
            standing.admits();
            advance(Duration.ofMillis(1));
        }
        assertThat(standing.admits()).isFalse();

        standing.succeeded(standing.state());

        assertThat(standing.admits()).isFalse();
        advance(Duration.ofMillis(100));
        assertThat(standing.admits()).isTrue();
        advance(Duration.ofMillis(100));
        assertThat(standing.admits()).isTrue();
    }

    @Test
    void judgesATrialByWhatWasSentInItAlone() {
        Standing standing = standing(RULE);
        Standing.State before = standing.state();
        standing.tryAgain(eject(standing));
        Standing.State trial = standing.state();

        for (int i = 0; i < 10; i++) {
            standing.succeeded(before);
            assertThat(standing.failed(before, "did not answer in time", 0)).isNull();
        }

        assertThat(standing.state()).isSameAs(trial);
    }

    @Test
    void leavesWhoAsksForItAloneForATenthLongerAtMost() {
        Standing standing = standing(RULE);

        Standing.State pause = requireNonNull(standing.busy("answered 503", Duration.ofSeconds(2), 0.999));

        assertThat(Duration.between(pause.since(), requireNonNull(pause.until())))
                .isBetween(Duration.ofMillis(2_190), Duration.ofMillis(2_200));
    }

    @Test
    void endsOnlyTheEjectionThatItWasToldToEnd() {
        Standing standing = standing(RULE);
        Standing.State first = eject(standing);
        standing.tryAgain(first);
        Standing.State second = requireNonNull(standing.failed(standing.state(), "answered 500", 0));

        standing.tryAgain(first);

        assertThat(standing.state()).isSameAs(second);
    }

    @Test
    void isForgottenWhenTheBackendWasDownAndIsUpAgain() {
        Target target = target(RULE);
        eject(requireNonNull(target.standing()));

        Targets.health(target, Condition.Health.DOWN);
        Targets.health(target, Condition.Health.UP);

        assertThat(requireNonNull(target.standing()).state().phase()).isEqualTo(Phase.GOOD);
    }

    @Test
    void isOneForEqualRules() {
        Backend backend = target(RULE).backend();

        assertThat(backend.standing(rule(3, 50))).isSameAs(backend.standing(RULE));
        assertThat(backend.standing(rule(4, 50))).isNotSameAs(backend.standing(RULE));
    }

    @Test
    void leavesOutHalfOfTheTargetsAtMost() {
        Target[] four = {target(RULE), target(RULE), target(RULE), target(RULE)};
        Upstream upstream = Targets.upstream(LoadBalancing.RANDOM, four);

        for (Target target : List.of(four[2], four[0], four[1])) {
            eject(requireNonNull(target.standing()));
            advance(Duration.ofMillis(1));
        }

        assertThat(upstream.candidates()).containsExactly(four[1], four[3]); // the two that were ejected first are out
    }

    @Test
    void leavesOutNoneWhereAllAreEjected() {
        Target[] four = {target(RULE), target(RULE), target(RULE), target(RULE)};
        Upstream upstream = Targets.upstream(LoadBalancing.RANDOM, four);

        for (Target target : four) {
            eject(requireNonNull(target.standing()));
        }

        assertThat(upstream.candidates()).containsExactly(four);
    }

    @Test
    void leavesOutNoneOfTwoThatAreOneAndADrainedOne() {
        Target only = target(RULE);
        Target drained = new Target(
                target(RULE).backend(),
                new TargetConfig(TargetUrl.ofPort(port), 1, TargetState.DRAIN, null),
                null,
                only.standing());
        Upstream upstream = Targets.upstream(LoadBalancing.RANDOM, only, drained);

        eject(requireNonNull(only.standing()));

        assertThat(upstream.candidates()).containsExactly(only);
    }

    @Test
    void usesAllWhereTheRuleLetsAllBeEjectedAndAllAre() {
        EjectionConfig all = rule(3, 100);
        Target[] two = {target(all), target(all)};
        Upstream upstream = Targets.upstream(LoadBalancing.RANDOM, two);

        eject(requireNonNull(two[0].standing()));
        assertThat(upstream.candidates()).containsExactly(two[1]);
        eject(requireNonNull(two[1].standing()));

        assertThat(upstream.candidates()).containsExactly(two);
    }

    @Test
    void prefersAnEjectedTargetToOneThatIsDown() {
        Target[] two = {target(RULE), target(RULE)};
        Upstream upstream = Targets.upstream(LoadBalancing.RANDOM, two);

        eject(requireNonNull(two[0].standing()));
        Targets.health(two[1], Condition.Health.DOWN);

        assertThat(upstream.candidates()).containsExactly(two[0]);
    }

    @Test
    void givesATrialItsShareAndTheOthersTheRest() {
        Target[] two = {target(RULE), target(RULE)};
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, two);
        Standing standing = requireNonNull(two[0].standing());
        standing.tryAgain(eject(standing));

        int[] counts = Targets.counts(upstream, 1_000, two); // while the clock stands still

        assertThat(counts).containsExactly(1, 999);
    }

    @Test
    void sendsEverythingToATrialWhereThereIsNothingElse() {
        Target only = target(RULE);
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, only);
        Standing standing = requireNonNull(only.standing());
        standing.tryAgain(eject(standing));

        assertThat(Targets.counts(upstream, 100, only)).containsExactly(100);
    }

    private Standing.State eject(Standing standing) {
        Standing.State ejection = null;
        while (ejection == null) {
            ejection = standing.failed(standing.state(), "answered 500", 0);
        }
        return ejection;
    }

    private static void pass(Standing standing, Standing.State ejection) {
        standing.tryAgain(ejection);
        while (standing.state().phase() != Phase.GOOD) {
            standing.succeeded(standing.state());
        }
    }

    private Standing standing(EjectionConfig rule) {
        return requireNonNull(target(rule).standing());
    }

    private Target target(EjectionConfig rule) {
        TargetUrl url = TargetUrl.ofPort(port++);
        Backend backend = pool.retain(new Backend.Identity(url, null, null, null));
        return new Target(backend, TargetConfig.of(url), null, backend.standing(rule));
    }

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static EjectionConfig rule(int failures, int maxEjected) {
        return new EjectionConfig(
                failures,
                50,
                20,
                Duration.ofSeconds(10),
                new StatusRange(500, 599),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                maxEjected);
    }
}
