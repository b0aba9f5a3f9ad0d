package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.LoadBalancing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody looks after places here that were given back unnoticed: who is not told waits in vain. */
class WaitRaceTest {

    private static final int THREADS = 6;
    private static final int ROUNDS = 5_000;

    private final Targets targets = new Targets();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void losesNoPlaceAndGivesNoneTwice() throws Exception {
        Target[] two = targets.weighing(1, 1);
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, two);
        AtomicInteger most = new AtomicInteger();

        race(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                CompletableFuture<Target> served = new CompletableFuture<>();
                Wait wait = upstream.await(Wait.For.PLACE, 1, Integer.MAX_VALUE, served::complete);
                assertThat(wait).isNotNull();
                wait.begin();
                if (ThreadLocalRandom.current().nextInt(3) == 0 && wait.leave()) {
                    continue;
                }
                Target target = served.get(20, TimeUnit.SECONDS);
                most.accumulateAndGet(target.backend().inFlight(), Math::max);
                target.backend().end();
            }
            return null;
        });

        assertThat(most).hasValue(1);
        assertThat(upstream.queued()).isZero();
        for (Target target : two) {
            assertThat(target.backend().inFlight()).isZero();
            assertThat(target.backend().waiting()).isZero();
        }
    }

    @Test
    void letsAllGoWhoAreHeldWhenSomethingListens() throws Exception {
        Target target = targets.weighing(1)[0];
        Upstream upstream = Targets.upstream(LoadBalancing.ROUND_ROBIN, target);
        AtomicInteger listening = new AtomicInteger(THREADS);

        race(() -> {
            if (listening.getAndDecrement() == THREADS) {
                while (listening.get() > -THREADS) { // until all others are done
                    target.backend().unheard();
                    target.backend().heard();
                }
                return null;
            }
            for (int i = 0; i < ROUNDS; i++) {
                CompletableFuture<Target> served = new CompletableFuture<>();
                Wait wait = upstream.await(Wait.For.LISTENER, 2, 0, served::complete);
                assertThat(wait).isNotNull();
                wait.begin();
                served.get(20, TimeUnit.SECONDS).backend().end();
            }
            listening.addAndGet(-2);
            return null;
        });

        assertThat(target.backend().inFlight()).isZero();
        assertThat(target.backend().waiting()).isZero();
    }

    private void race(Callable<Void> runner) throws Exception {
        List<Future<Void>> runners = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            runners.add(threads.submit(runner));
        }
        for (Future<Void> each : runners) {
            each.get(60, TimeUnit.SECONDS);
        }
    }
}
