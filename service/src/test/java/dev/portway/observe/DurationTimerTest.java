package dev.portway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DurationTimerTest {

    private final DurationTimer timer = new DurationTimer(new CoarseClock());

    @Test
    void countsEachDurationOnce() {
        timer.record(TimeUnit.MILLISECONDS.toNanos(3));
        timer.record(TimeUnit.SECONDS.toNanos(300));
        timer.record(-1); // a clock that was set back

        assertThat(timer.getCount()).isEqualTo(2);
        assertThat(timer.getSnapshot().size()).isEqualTo(2);
        assertThat(timer.histogram().count()).isEqualTo(2);
        assertThat(timer.histogram().sum()).isEqualTo(TimeUnit.SECONDS.toNanos(300) + TimeUnit.MILLISECONDS.toNanos(3));
    }

    @Test
    void saysAtWhatRateTheyCame() {
        assertThat(timer.getMeanRate()).isZero();
        assertThat(timer.getOneMinuteRate()).isZero();

        timer.record(1);

        assertThat(timer.getMeanRate()).isPositive();
    }
}
