package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.RateConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestWindowTest {

    private static final long MILLI = 1_000_000;

    private final AtomicLong nanos = new AtomicLong(-5);

    @Test
    void letsAsManyPassAsItIsTold() {
        RequestWindow window = window(3, 1_000);

        assertThat(window.pass()).isTrue();
        assertThat(window.pass()).isTrue();
        assertThat(window.nanosUntilOpen()).isZero();
        assertThat(window.pass()).isTrue();
        assertThat(window.pass()).isFalse();
    }

    @Test
    void opensWhenTheFirstIsOutOfTheSpan() {
        RequestWindow window = window(2, 1_000);
        window.pass();
        nanos.addAndGet(400 * MILLI);
        window.pass();

        assertThat(window.nanosUntilOpen()).isEqualTo(600 * MILLI);
        nanos.addAndGet(599 * MILLI);
        assertThat(window.pass()).isFalse();
        nanos.addAndGet(MILLI);
        assertThat(window.nanosUntilOpen()).isZero();
        assertThat(window.pass()).isTrue();
        assertThat(window.pass()).isFalse();
        assertThat(window.nanosUntilOpen()).isEqualTo(400 * MILLI);
    }

    @Test
    void letsAnotherPassInThePlaceOfOneThatIsGivenBack() {
        RequestWindow window = window(2, 1_000);

        for (int i = 0; i < 1_000; i++) {
            assertThat(window.pass()).isTrue();
            window.giveBack();
            nanos.addAndGet(MILLI);
        }
        assertThat(window.pass()).isTrue();
        assertThat(window.pass()).isTrue();
        assertThat(window.pass()).isFalse();
        window.giveBack();
        assertThat(window.nanosUntilOpen()).isZero();
        assertThat(window.pass()).isTrue();
        assertThat(window.pass()).isFalse();
        nanos.addAndGet(1_000 * MILLI);
        assertThat(window.pass()).isTrue();
    }

    @Test
    void neverLetsMorePassThoughSomeAreGivenBack() {
        RequestWindow window = window(5, 100);
        var random = new Random(4);
        List<Long> passed = new ArrayList<>();

        for (int i = 0; i < 20_000; i++) {
            nanos.addAndGet(random.nextInt((int) (20 * MILLI)));
            if (window.pass()) {
                if (random.nextInt(3) == 0) {
                    window.giveBack();
                } else {
                    passed.add(nanos.get());
                }
            }
        }

        assertThat(passed.size()).isGreaterThan(5_000);
        for (int i = 5; i < passed.size(); i++) {
            assertThat(passed.get(i) - passed.get(i - 5)).isGreaterThanOrEqualTo(100 * MILLI - 1_000);
        }
    }

    @Test
    void neverLetsMorePassInAnySpanOverManyLaps() {
        RequestWindow window = window(5, 100);
        var random = new Random(3);
        List<Long> passed = new ArrayList<>();

        for (int i = 0; i < 20_000; i++) {
            nanos.addAndGet(random.nextInt((int) (20 * MILLI)));
            if (window.pass()) {
                passed.add(nanos.get());
            }
        }

        assertThat(passed.size()).isGreaterThan(5_000);
        for (int i = 5; i < passed.size(); i++) {
            assertThat(passed.get(i) - passed.get(i - 5)).isGreaterThanOrEqualTo(100 * MILLI - 1_000);
        }
    }

    @Test
    void letsExactlyAsManyPassOfSeveralThreads() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 300; round++) {
                RequestWindow window = window(1 + round % 7, 1_000);
                var start = new CyclicBarrier(threads);
                for (int lap = 1; lap <= 3; lap++) {
                    List<Future<Integer>> counts = new ArrayList<>();
                    for (int i = 0; i < threads; i++) {
                        counts.add(pool.submit(() -> {
                            start.await();
                            int count = 0;
                            for (int n = 0; n < 20; n++) {
                                count += window.pass() ? 1 : 0;
                            }
                            return count;
                        }));
                    }
                    int all = 0;
                    for (Future<Integer> count : counts) {
                        all += count.get();
                    }
                    assertThat(all).isEqualTo(1 + round % 7);
                    nanos.addAndGet(1_000 * MILLI);
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void losesNothingThatSeveralThreadsGiveBack() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                int requests = 1 + round % 7;
                RequestWindow window = window(requests, 1_000);
                var start = new CyclicBarrier(threads);
                var passed = new AtomicInteger();
                List<Future<Integer>> mosts = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    mosts.add(pool.submit(() -> {
                        start.await();
                        int most = 0;
                        for (int n = 0; n < 200; n++) {
                            if (window.pass()) {
                                most = Math.max(most, passed.incrementAndGet());
                                passed.decrementAndGet();
                                window.giveBack();
                            }
                        }
                        return most;
                    }));
                }
                for (Future<Integer> most : mosts) {
                    assertThat(most.get()).isLessThanOrEqualTo(requests);
                }

                for (int i = 0; i < requests; i++) {
                    assertThat(window.pass()).as("%s of %s", i, requests).isTrue();
                }
                assertThat(window.pass()).isFalse();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void keepsEachPlaceWithinReachWhileOthersHoldSome() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 300; round++) {
                RequestWindow window = window(12, 1_000);
                var start = new CyclicBarrier(threads);
                List<Future<Boolean>> held = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    held.add(pool.submit(() -> {
                        start.await();
                        for (int n = 0; n < 50; n++) {
                            if (window.pass()) {
                                window.giveBack();
                            }
                        }
                        return window.pass();
                    }));
                }
                int passed = 0;
                for (Future<Boolean> one : held) {
                    passed += one.get() ? 1 : 0;
                }
                while (window.pass()) {
                    passed++;
                }
                assertThat(passed).isEqualTo(12);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private RequestWindow window(int requests, int millis) {
        return new RequestWindow(new RateConfig(requests, Duration.ofMillis(millis)), nanos::get);
    }
}
