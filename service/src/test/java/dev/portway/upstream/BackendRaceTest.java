package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.LoadBalancing;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackendRaceTest {

    private static final int THREADS = 4;

    private final Targets targets = new Targets();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void neverHasMoreInFlightThanItsLimitAndLosesNoCount() throws Exception {
        Backend backend = targets.weighing(1)[0].backend();
        var begun = new AtomicInteger();
        var most = new AtomicInteger();

        race(() -> {
            for (int i = 0; i < 20_000; i++) {
                if (backend.begin(2, null)) {
                    most.accumulateAndGet(begun.incrementAndGet(), Math::max);
                    begun.decrementAndGet();
                    backend.end();
                }
            }
            return null;
        });

        assertThat(most.get()).isBetween(1, 2);
        assertThat(backend.inFlight()).isZero();
    }

    @Test
    void refusesNobodyWhileThereIsRoom() throws Exception {
        Backend backend = targets.weighing(1)[0].backend();
        var refused = new AtomicInteger();

        race(() -> {
            for (int i = 0; i < 20_000; i++) {
                if (backend.begin(THREADS, null)) {
                    backend.end();
                } else {
                    refused.incrementAndGet();
                }
            }
            return null;
        });

        assertThat(refused.get()).isZero();
        assertThat(backend.requests()).isEqualTo(THREADS * 20_000L);
    }

    @Test
    void isTheSameForEverybodyWhoHoldsIt() throws Exception {
        Backend.Identity identity = new Backend.Identity(TargetUrl.ofPort(3000), null, null, null);
        var holders = new AtomicInteger();
        var others = new AtomicInteger();

        race(() -> {
            for (int i = 0; i < 20_000; i++) {
                Backend backend = targets.pool.retain(identity);
                holders.incrementAndGet();
                if (targets.pool.retain(identity) != backend) {
                    others.incrementAndGet();
                }
                targets.pool.release(backend);
                targets.pool.release(backend);
            }
            return null;
        });

        assertThat(holders.get()).isEqualTo(THREADS * 20_000);
        assertThat(others.get()).isZero();
        assertThat(targets.pool.backends()).isEmpty();
    }

    @Test
    void takesTurnsExactlyAlsoInSeveralThreads() throws Exception {
        Target[] three = targets.weighing(3, 2, 1);
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, three);

        race(() -> {
            for (int i = 0; i < 6_000; i++) {
                upstream.pick(Asked.anything(), Integer.MAX_VALUE);
            }
            return null;
        });

        assertThat(Arrays.stream(three).map(target -> target.backend().requests()))
                .containsExactly(THREADS * 3_000L, THREADS * 2_000L, THREADS * 1_000L);
    }

    @Test
    void isSeenByTheNextPickOnceItHasChanged() throws Exception {
        Target[] two = targets.weighing(1, 1);
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, two);
        var done = new AtomicBoolean();
        List<Future<?>> pickers = new ArrayList<>();
        for (int i = 0; i < THREADS - 1; i++) {
            pickers.add(threads.submit(() -> {
                while (!done.get()) {
                    Targets.pick(upstream);
                }
            }));
        }

        for (int i = 0; i < 20_000; i++) {
            Targets.health(two[i % 2], Condition.Health.DOWN);
            Targets.health(two[(i + 1) % 2], Condition.Health.UP);
            assertThat(Targets.pick(upstream)).isSameAs(two[(i + 1) % 2]);
        }
        two[0].backend().override(TargetState.DOWN);
        two[1].backend().override(TargetState.DOWN);
        assertThat(Targets.pick(upstream)).isEqualTo(Pick.Nobody.TAKEN_OUT);
        done.set(true);
        for (Future<?> picker : pickers) {
            picker.get();
        }
    }

    private void race(Callable<?> runner) throws Exception {
        var start = new CyclicBarrier(THREADS);
        List<Future<?>> runners = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            runners.add(threads.submit(() -> {
                start.await();
                return runner.call();
            }));
        }
        for (Future<?> running : runners) {
            running.get();
        }
    }
}
