package dev.portway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UploadBudgetTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int RATE = 240;

    private long now = Long.MAX_VALUE - 7; // a nanosecond time may be any, and overflows

    @Test
    void letsAClientPauseAsLongAsTheLimit() {
        UploadBudget budget = new UploadBudget(LIMIT, RATE);

        assertThat(budget.waiting(now)).isEqualTo(LIMIT);
        pass(Duration.ofSeconds(10));
        assertThat(budget.waiting(now)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void cutsOffAClientThatSendsAByteJustInTime() {
        UploadBudget budget = new UploadBudget(LIMIT, RATE);
        budget.waiting(now);
        pass(Duration.ofSeconds(29));
        budget.arrived(now, 1);

        assertThat(budget.waiting(now)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1010));
        pass(Duration.ofSeconds(2));
        assertThat(budget.waiting(now)).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void letsASlowLineGoOnForDays() {
        UploadBudget budget = new UploadBudget(LIMIT, RATE);

        for (int hour = 0; hour < 100; hour++) {
            for (int second = 0; second < 3600; second++) {
                assertThat(budget.waiting(now)).isGreaterThan(Duration.ofSeconds(28));
                pass(Duration.ofSeconds(1));
                budget.arrived(now, RATE);
            }
        }
    }

    @Test
    void countsNoTimeInWhichTheClientIsNotWaitedFor() {
        UploadBudget budget = new UploadBudget(LIMIT, RATE);
        budget.waiting(now);
        budget.arrived(now, 1);
        pass(Duration.ofHours(1)); // the backend takes its time

        assertThat(budget.waiting(now)).isEqualTo(LIMIT);
    }

    @Test
    void givesNoMoreThanTheLimitAtOnceHoweverMuchHasCome() {
        UploadBudget budget = new UploadBudget(LIMIT, RATE);
        budget.arrived(now, Integer.MAX_VALUE);

        assertThat(budget.waiting(now)).isEqualTo(LIMIT);
    }

    @Test
    void knowsNoRateWhereThereIsNone() {
        UploadBudget budget = new UploadBudget(LIMIT, 0);
        budget.waiting(now);
        pass(Duration.ofSeconds(29));
        budget.arrived(now, 1);

        assertThat(budget.waiting(now)).isEqualTo(LIMIT);
        assertThat(new UploadBudget(Duration.ZERO, RATE).waiting(now)).isZero();
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }
}
