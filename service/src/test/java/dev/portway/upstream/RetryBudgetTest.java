package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetryBudgetTest {

    private static final long START = Long.MAX_VALUE - 1000; // wraps round soon

    private final AtomicLong now = new AtomicLong(START);
    private final RetryBudget budget = new RetryBudget(20, now::get);

    @Test
    void grantsAShareOfTheRequests() {
        requested(1000);

        assertThat(granted(1000)).isEqualTo(200);
    }

    @Test
    void hasAFewInReserveWhichRequestsFillUpAgain() {
        assertThat(granted(100)).isEqualTo(10);
        pass(Duration.ofHours(1));
        assertThat(granted(100)).isZero();

        requested(25);

        assertThat(granted(100)).isEqualTo(5);
    }

    @Test
    void isNeverMoreThanTheShareOfAllAndTheReserve() {
        long all = 0;
        for (int second = 0; second < 600; second++) {
            requested(3);
            all += granted(100);
            pass(Duration.ofSeconds(1));
        }

        assertThat(all).isBetween(360L, 370L);
    }

    @Test
    void takesBackWhatWasNotNeeded() {
        assertThat(granted(100)).isEqualTo(10);

        budget.giveBack();

        assertThat(granted(100)).isEqualTo(1);
    }

    @Test
    void countsThoseFewToTheShare() {
        requested(100);
        assertThat(granted(100)).isEqualTo(20);

        requested(100);

        assertThat(granted(100)).isEqualTo(20);
    }

    @Test
    void knowsTheRequestsBeforeTheFirstRetry() {
        for (int second = 0; second < 60; second++) {
            requested(100);
            pass(Duration.ofSeconds(1));
        }

        assertThat(granted(10_000)).isBetween(100L, 200L); // of the last five to ten seconds
    }

    @Test
    void forgetsWhatWasLongAgo() {
        requested(100_000);
        pass(Duration.ofHours(1));
        requested(1);

        assertThat(granted(100)).isEqualTo(10);
    }

    @Test
    void grantsTheSameAgainWhenTimeHasPassed() {
        requested(1000);
        assertThat(granted(1000)).isEqualTo(200);
        pass(Duration.ofSeconds(10));
        requested(1000);

        assertThat(granted(1000)).isEqualTo(200);
    }

    @Test
    void grantsNothingOfNothing() {
        RetryBudget none = new RetryBudget(0, now::get);
        none.requested(now.get());

        assertThat(none.take()).isFalse();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void requested(int count) {
        for (int i = 0; i < count; i++) {
            budget.requested(now.get());
        }
    }

    private long granted(int asked) {
        return IntStream.range(0, asked).filter(i -> budget.take()).count();
    }
}
