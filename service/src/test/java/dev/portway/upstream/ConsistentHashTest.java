package dev.portway.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.portway.config.EjectionConfig;
import dev.portway.config.HashKey;
import dev.portway.config.HashKey.Part;
import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConsistentHashTest { // behaviour 71

    private static final int KEYS = 10_000;

    private final Targets targets = new Targets();

    @Test
    void sendsTheSameClientToTheSameTarget() {
        Upstream upstream = hashing(HashKey.CLIENT, targets.weighing(1, 1, 1, 1, 1));

        for (String client : List.of("127.0.0.1", "192.0.2.7", "2001:db8::1")) {
            Pick first = Targets.pick(upstream, Asked.by(client));
            for (int i = 0; i < 100; i++) {
                assertThat(Targets.pick(upstream, Asked.by(client))).isSameAs(first);
            }
        }
    }

    @Test
    void knowsAKeyAgainInAnotherProcess() {
        Target[] five = targets.weighing(1, 1, 1, 1, 1);
        List<Integer> expected = List.of(4, 2, 0, 2, 4, 3, 0, 0);

        Upstream upstream = hashing(HashKey.CLIENT, five);

        assertThat(IntStream.range(0, 8)
                        .mapToObj(i -> List.of(five).indexOf(Targets.pick(upstream, Asked.by("10.0.0." + i)))))
                .isEqualTo(expected);
    }

    @Test
    void sharesTheKeysByWeight() {
        Target[] four = targets.weighing(1, 1, 2, 4);

        int[] counts = Targets.counts(hashing(HashKey.CLIENT, four), KEYS, four);

        assertThat((double) counts[0] / KEYS).isCloseTo(1 / 8.0, within(0.02));
        assertThat((double) counts[1] / KEYS).isCloseTo(1 / 8.0, within(0.02));
        assertThat((double) counts[2] / KEYS).isCloseTo(2 / 8.0, within(0.04));
        assertThat((double) counts[3] / KEYS).isCloseTo(4 / 8.0, within(0.04));
    }

    @Test
    void sharesTheKeysOfManyTargetsEvenly() {
        Target[] hundred =
                targets.weighing(IntStream.generate(() -> 1).limit(100).toArray());

        int[] counts = Targets.counts(hashing(HashKey.CLIENT, hundred), 100 * KEYS, hundred);

        for (int count : counts) {
            assertThat((double) count / KEYS).isBetween(0.7, 1.35);
        }
    }

    @Test
    void movesNoKeyButThoseOfATargetThatGoes() {
        Target[] five = targets.weighing(1, 2, 1, 3, 1);
        Upstream upstream = hashing(HashKey.CLIENT, five);
        List<Pick> before = homes(upstream);

        Targets.health(five[1], Condition.Health.DOWN);
        List<Pick> without = homes(upstream);
        Targets.health(five[1], Condition.Health.UP);

        for (int i = 0; i < before.size(); i++) {
            if (before.get(i) == five[1]) {
                assertThat(without.get(i)).isNotSameAs(five[1]);
            } else {
                assertThat(without.get(i)).isSameAs(before.get(i));
            }
        }
        assertThat(homes(upstream)).isEqualTo(before);
        assertThat(without).contains(five[0], five[2], five[3], five[4]);
    }

    @Test
    void movesNoKeyButToATargetThatComes() {
        Target[] six = targets.weighing(1, 1, 1, 1, 1, 1);
        List<Pick> before =
                homes(hashing(HashKey.CLIENT, Stream.of(six).limit(5).toArray(Target[]::new)));

        List<Pick> after = homes(hashing(HashKey.CLIENT, six));

        int moved = 0;
        for (int i = 0; i < before.size(); i++) {
            if (after.get(i) != before.get(i)) {
                assertThat(after.get(i)).isSameAs(six[5]);
                moved++;
            }
        }
        assertThat((double) moved / KEYS).isCloseTo(1 / 6.0, within(0.04));
    }

    @Test
    void givesNobodyMuchMoreThanAFairShareOfWhatIsInFlight() {
        Target[] five = targets.weighing(1, 1, 1, 1, 1);
        Upstream upstream = hashing(HashKey.CLIENT, five);

        for (int i = 1; i <= 1_000; i++) {
            assertThat(upstream.pick(Asked.by("one and the same"), Integer.MAX_VALUE))
                    .isInstanceOf(Target.class);
            for (Target target : five) {
                assertThat(target.backend().inFlight()).isLessThanOrEqualTo((int) Math.ceil(1.25 * i / 5));
            }
        }
    }

    @Test
    void keepsNearlyAllKeysAtHomeUnderEvenLoad() {
        Target[] five = targets.weighing(1, 1, 1, 1, 1);
        Upstream upstream = hashing(HashKey.CLIENT, five);
        List<Pick> homes = homes(upstream);
        var random = new Random(1);
        List<Target> inFlight = new ArrayList<>();
        int away = 0;

        for (int n = 0; n < KEYS; n++) {
            int key = random.nextInt(KEYS);
            Target picked = (Target) upstream.pick(Asked.by("client " + key), Integer.MAX_VALUE);
            inFlight.add(picked);
            away += picked == homes.get(key) ? 0 : 1;
            if (inFlight.size() > 500) {
                inFlight.remove(random.nextInt(inFlight.size())).backend().end();
            }
        }

        assertThat((double) away / KEYS).isLessThan(0.1);
    }

    @Test
    void sendsTheSameKeyToTheSameOtherWhereItsOwnIsFull() {
        Target[] five = targets.weighing(1, 1, 1, 1, 1);
        Upstream upstream = hashing(HashKey.CLIENT, five);
        Target home = (Target) Targets.pick(upstream, Asked.by("a"));
        Pick other = Targets.pick(upstream, Asked.by("a").failedAt(home));

        Targets.busy(home, 100);

        assertThat(other).isNotSameAs(home);
        for (int i = 0; i < 10; i++) {
            Pick pick = upstream.pick(Asked.by("a"), 100);
            assertThat(pick).isSameAs(other);
            ((Target) pick).backend().end();
        }
    }

    @Test
    void sendsTheSameKeyToTheSameOtherWhileItsOwnIsOnTrial() {
        Target[] five = targets.weighing(1, 1, 1, 1, 1);
        for (int i = 0; i < five.length; i++) {
            Target plain = five[i];
            five[i] = new Target(
                    plain.backend(), plain.config(), null, plain.backend().standing(EjectionConfig.DEFAULT));
        }
        Upstream upstream = hashing(HashKey.CLIENT, five);
        Target home = (Target) Targets.pick(upstream, Asked.by("a"));
        Pick other = Targets.pick(upstream, Asked.by("a").failedAt(home));
        Standing standing = requireNonNull(home.standing());
        for (Standing.State ejection = null; ejection == null; ) {
            ejection = standing.failed(standing.state(), "answered 500", 0);
            if (ejection != null) {
                standing.tryAgain(ejection);
            }
        }

        assertThat(Targets.pick(upstream, Asked.by("a"))).isSameAs(home); // the first of its trial
        for (int i = 0; i < 10; i++) {
            assertThat(Targets.pick(upstream, Asked.by("a"))).isSameAs(other);
        }
        targets.nanos.addAndGet(Duration.ofMillis(100).toNanos());
        assertThat(Targets.pick(upstream, Asked.by("a"))).isSameAs(home);
        assertThat(Targets.pick(upstream, Asked.by("a"))).isSameAs(other);
    }

    @Test
    void hashesWhatItIsTold() {
        Target[] five = targets.weighing(1, 1, 1, 1, 1);

        assertThat(distinct(hashing(new HashKey(Part.HEADER, "X-User"), five), "header"))
                .isGreaterThan(3);
        assertThat(distinct(hashing(new HashKey(Part.COOKIE, "sid"), five), "cookie"))
                .isGreaterThan(3);
        assertThat(distinct(hashing(new HashKey(Part.PATH, ""), five), "path")).isGreaterThan(3);
        assertThat(distinct(hashing(HashKey.CLIENT, five), "client")).isGreaterThan(3);
        assertThat(distinct(hashing(HashKey.CLIENT, five), "path")).isEqualTo(1);
    }

    @Test
    void hashesTheClientWhereWhatItIsToldIsMissing() {
        Target[] five = targets.weighing(1, 1, 1, 1, 1);

        assertThat(distinct(hashing(new HashKey(Part.HEADER, "X-User"), five), "client"))
                .isGreaterThan(3);
        assertThat(distinct(hashing(new HashKey(Part.COOKIE, "sid"), five), "client"))
                .isGreaterThan(3);
    }

    /** To how many targets 100 requests go that differ in one part alone. */
    private static long distinct(Upstream upstream, String part) {
        return IntStream.range(0, 100)
                .mapToObj(i -> switch (part) {
                    case "header" -> Asked.anything().header("X-User", "u" + i);
                    case "cookie" -> Asked.anything().cookie("sid", "s" + i);
                    case "path" -> Asked.anything().path("/p" + i);
                    default -> Asked.by("10.0.0." + i);
                })
                .map(asked -> Targets.pick(upstream, asked))
                .distinct()
                .count();
    }

    private static List<Pick> homes(Upstream upstream) {
        return IntStream.range(0, KEYS)
                .mapToObj(i -> Targets.pick(upstream, Asked.by("client " + i)))
                .toList();
    }

    private static Upstream hashing(HashKey key, Target... targets) {
        return Targets.upstream(new LoadBalancingConfig(LoadBalancing.HASH, key), targets);
    }
}
