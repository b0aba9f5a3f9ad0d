package dev.portway.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.LimitConfig;
import dev.portway.config.LimitKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {

    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

    @ParameterizedTest
    @CsvSource({"100, 1, 100", "100, 1, 200", "100, 1, 1", "3, 1, 3", "7, 60, 5", "1, 86400, 1000", "1000000, 1, 50"})
    void letsTheBurstPassAtOnceAndThenTheRate(int requests, int seconds, int burst) {
        RateLimit limit = limit(requests, seconds, burst);

        assertThat(passing(limit, burst + 10)).isEqualTo(burst);

        pass(Duration.ofSeconds(seconds));
        assertThat(passing(limit, requests + burst + 10)).isEqualTo(Math.min(requests, burst));
    }

    @Test
    void spreadsTheRateEvenly() {
        RateLimit limit = limit(10, 1, 5);
        passing(limit, 10);

        for (int i = 0; i < 100; i++) {
            pass(Duration.ofMillis(100));
            assertThat(passing(limit, 3)).isEqualTo(1);
        }
    }

    @Test
    void letsThroughWhatItSaysHoweverOftenItIsAsked() {
        RateLimit limit = limit(100, 1, 100);
        int passed = 0;
        for (int i = 0; i < 200_000; i++) { // in 10 s
            pass(Duration.ofNanos(50_000));
            passed += limit.take("a") >= 0 ? 1 : 0;
        }

        assertThat(passed).isBetween(1099, 1101);
    }

    /**
     * Asked until it refuses, at moments that have nothing to do with its intervals: nothing is lost to rounding as long as it
     * is asked before it has all its permissions again, nor by threads that took the time a little before others.
     */
    @ParameterizedTest
    @CsvSource({"100, 100", "100, 10", "100, 2", "7, 3", "333, 10", "1000, 5"})
    void losesNoneAtAnyPace(int requests, int burst) {
        RateLimit limit = limit(requests, 1, burst);
        long interval = Duration.ofSeconds(1).toNanos() / requests;
        long longest = (burst - 1) * interval;
        Random dice = new Random(burst);
        long elapsed = 0;
        int passed = passing(limit, burst + 5);
        while (elapsed < Duration.ofSeconds(100).toNanos()) {
            long gap = 1 + (long) (dice.nextDouble() * longest);
            long late = Math.min(gap, dice.nextInt(20_000));
            nanos.addAndGet(gap);
            elapsed += gap;
            passed += passing(limit, burst + 5);
            nanos.addAndGet(-late);
            passed += passing(limit, 1);
            nanos.addAndGet(late);
        }

        assertThat(passed).isBetween((int) (burst + elapsed / interval) - 1, (int) (burst + elapsed / interval) + 1);
    }

    @Test
    void letsNoMoreThroughWhenManyThreadsAsk() throws Exception {
        RateLimit limit = limit(100, 1, 100);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                tasks.add(() -> passing(limit, 1000));
            }
            int passed = 0;
            for (Future<Integer> task : threads.invokeAll(tasks)) {
                passed += task.get();
            }

            assertThat(passed).isEqualTo(100);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void saysWhatIsLeftAndWhenToTryAgain() {
        RateLimit limit = limit(5, 60, 5);

        assertThat(left(limit, limit.take("a"))).isEqualTo(";r=4;t=12");
        assertThat(left(limit, limit.take("a"))).isEqualTo(";r=3;t=24");
        passing(limit, 3);
        pass(Duration.ofSeconds(2));
        long refused = limit.take("a");
        assertThat(refused).isNegative();
        assertThat(left(limit, refused)).isEqualTo(";r=0;t=10");
        assertThat(Duration.ofNanos(limit.retryNanos(refused))).isEqualTo(Duration.ofSeconds(10));
        assertThat(limit.look("a")).isEqualTo(refused);

        pass(Duration.ofSeconds(10));
        assertThat(limit.look("a")).isZero();
        assertThat(limit.take("a")).isPositive();
    }

    @Test
    void countsEachKeyByItself() {
        RateLimit limit = limit(1, 1, 1);

        assertThat(limit.take("a")).isZero();
        assertThat(limit.take("b")).isZero();
        assertThat(limit.take("a")).isNegative();
    }

    @Test
    void remembersNoMoreKeysThanItMay() {
        RateLimit limit = limit(1, 3600, 1);

        for (int i = 0; i < RateLimit.MAX_KEYS * 2; i++) {
            limit.take("key-" + i);
        }

        assertThat(limit.keys()).isLessThanOrEqualTo(RateLimit.MAX_KEYS);
    }

    @Test
    void forgetsAKeyThatHasAllItsPermissionsAgain() {
        RateLimit limit = limit(10, 1, 20);
        passing(limit, 20);

        pass(Duration.ofSeconds(2));
        assertThat(limit.keys()).isEqualTo(1);
        pass(Duration.ofSeconds(2));

        assertThat(limit.keys()).isZero();
        assertThat(passing(limit, 30)).isEqualTo(20);
    }

    private RateLimit limit(int requests, int seconds, int burst) {
        LimitKey key = new LimitKey(LimitKey.Kind.CLIENT, null);
        return new RateLimit(new LimitConfig.Rate(requests, Duration.ofSeconds(seconds), burst, key), nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static int passing(RateLimit limit, int asked) {
        int passed = 0;
        for (int i = 0; i < asked; i++) {
            passed += limit.take("a") >= 0 ? 1 : 0;
        }
        return passed;
    }

    private static String left(RateLimit limit, long taken) {
        return new LeftField("").of(limit.left(taken), limit.untilMore(taken)).getValue();
    }
}
