package dev.portway.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.EjectionConfig;
import dev.portway.config.HashKey;
import dev.portway.config.HealthConfig;
import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.RateConfig;
import dev.portway.config.StatusRange;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EditedBackendsTest {

    private static final HealthConfig EDITED =
            new HealthConfig("/up", Duration.ofSeconds(5), Duration.ofSeconds(1), 1, 3, new StatusRange(200, 399));

    private final Targets targets = new Targets();

    @Test
    void aRateCountsOnBesideAnotherOfTheSameBackend() {
        Backend backend = targets.pool.retain(identity(3000, null));
        RateConfig one = new RateConfig(10, Duration.ofHours(1));
        RateConfig other = new RateConfig(20, Duration.ofHours(1));
        RequestWindow first = backend.window(one);

        backend.window(other);
        backend.keepOnly(Set.of(), Set.of(one, other));

        assertThat(backend.window(one)).isSameAs(first);
    }

    @Test
    void whatARuleSaidIsForgottenWithTheRule() {
        Backend backend = targets.pool.retain(identity(3000, null));
        Standing old = backend.standing(rule(1));
        Standing.State ejection = requireNonNull(old.failed(old.state(), "answered 500", 0));
        backend.standing(rule(2));

        backend.keepOnly(Set.of(rule(2)), Set.of());
        old.tryAgain(ejection);

        assertThat(backend.ejection()).isNull();
        assertThat(backend.standing(rule(1))).isNotSameAs(old);
    }

    @Test
    void whatAPersonSetOutlastsWhatLastedElsewhere() {
        Backend set = targets.pool.retain(identity(3000, null));
        set.override(TargetState.DRAIN);
        targets.pool.release(set);

        for (int port = 4_000; port < 6_000; port++) {
            Backend gone = targets.pool.retain(identity(port, null));
            gone.lasting().add(tunnel(new AtomicBoolean())); // and stays open
            targets.pool.release(gone);
        }

        assertThat(targets.pool.retain(identity(3000, null)).override()).isEqualTo(TargetState.DRAIN);
    }

    private static Lasting tunnel(AtomicBoolean told) {
        return new Lasting() {
            @Override
            public String routeId() {
                return "r";
            }

            @Override
            public void takenDown() {
                told.set(true);
            }
        };
    }

    @Test
    void whatLastsEndsWithABackendThatCameBack() {
        AtomicBoolean told = new AtomicBoolean();
        Lasting tunnel = tunnel(told);
        Backend before = targets.pool.retain(identity(3000, null));
        before.lasting().add(tunnel);
        targets.pool.release(before);
        Backend between = targets.pool.retain(identity(3000, null));
        targets.pool.release(between);
        Backend after = targets.pool.retain(identity(3000, null));

        assertThat(after.override()).isNull();
        after.override(TargetState.DOWN);

        assertThat(told).isTrue();
        before.lasting().remove(tunnel);
        targets.pool.release(after);
        assertThat(after.lasts()).isFalse();
    }

    @Test
    void anEditedCheckLeavesTheNameAndWhatAPersonSet() {
        Backend before = targets.pool.retain(identity(3000, HealthConfig.DEFAULT));
        before.override(TargetState.DRAIN);

        Backend after = targets.pool.retain(identity(3000, EDITED));
        assertThat(after.id()).isEqualTo("localhost:3000~2");
        targets.pool.release(before);

        assertThat(after.id()).isEqualTo("localhost:3000");
        assertThat(after.override()).isEqualTo(TargetState.DRAIN);
        assertThat(targets.pool.retain(identity(3000, null)).id()).isEqualTo("localhost:3000~2");
    }

    @Test
    void whatLastsGoesToTheOneThatAnEditHasPutThere() {
        Backend anothers = targets.pool.retain(identity(3000, HealthConfig.DEFAULT));
        Backend before = targets.pool.retain(identity(3000, null));
        List<Backend> ended = new ArrayList<>();
        Backend after = targets.pool.retain(identity(3000, EDITED));
        before.lasting().add(new Lasting() {
            @Override
            public String routeId() {
                return "route";
            }

            @Override
            public void takenDown() {
                ended.add(after);
            }
        });
        targets.pool.release(before);

        anothers.override(TargetState.DOWN);
        assertThat(ended).isEmpty();
        after.override(TargetState.DOWN);
        assertThat(ended).containsExactly(after);
    }

    @Test
    void anEditedCheckLeavesKeysWhereTheyAre() {
        List<Backend> before = five(HealthConfig.DEFAULT);
        List<Backend> after = five(EDITED);

        assertThat(ports(hashing(after))).isEqualTo(ports(hashing(before)));
    }

    private List<Backend> five(HealthConfig check) {
        List<Backend> five = new ArrayList<>();
        for (int port = 3000; port < 3005; port++) {
            five.add(targets.pool.retain(identity(port, check)));
        }
        return five;
    }

    private static List<Integer> ports(Upstream upstream) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> ((Target) Targets.pick(upstream, Asked.by("client " + i)))
                        .url()
                        .port())
                .toList();
    }

    private static Upstream hashing(List<Backend> backends) {
        return Targets.upstream(
                new LoadBalancingConfig(LoadBalancing.HASH, HashKey.CLIENT),
                backends.stream()
                        .map(backend -> new Target(
                                backend, TargetConfig.of(backend.identity().url()), null, null))
                        .toArray(Target[]::new));
    }

    private static Backend.Identity identity(int port, @Nullable HealthConfig check) {
        return new Backend.Identity(TargetUrl.ofPort(port), null, null, check);
    }

    private static EjectionConfig rule(int failures) {
        return new EjectionConfig(
                failures,
                50,
                20,
                Duration.ofSeconds(10),
                new StatusRange(500, 599),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                50);
    }
}
