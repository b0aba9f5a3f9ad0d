package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyTest {

    private static final long SECOND = 1_000_000_000L;

    private final Latency latency = new Latency();

    @Test
    void isNothingBeforeTheFirstSample() {
        assertThat(latency.averageNanos()).isZero();
        assertThat(latency.rank()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void beginsWithTheFirstSample() {
        latency.record(7_000, SECOND);

        assertThat(latency.averageNanos()).isEqualTo(7_000);
    }

    @Test
    void risesAtOnceAndFallsSlowly() {
        latency.record(1_000, SECOND);

        latency.record(9_000, SECOND);
        assertThat(latency.averageNanos()).isEqualTo(5_000);
        latency.record(1_000, SECOND);
        assertThat(latency.averageNanos()).isEqualTo(4_600);
    }

    @Test
    void trustsAnOldAverageLess() {
        latency.record(9_000, SECOND);

        latency.record(1_000, 91 * SECOND);

        assertThat(latency.averageNanos()).isEqualTo(1_800);
    }

    @Test
    void fadesByHalfInTenSeconds() {
        latency.record(8_000, SECOND);
        Latency later = new Latency();

        later.record(4_000, 11 * SECOND);

        assertThat(later.rank()).isCloseTo(latency.rank(), within(1e-9));
        assertThat(latency.averageNanos()).isEqualTo(8_000);
    }

    @Test
    void ranksTheFasterBelow() {
        latency.record(8_000, SECOND);
        Latency faster = new Latency();

        faster.record(4_000, SECOND);

        assertThat(latency.rank() - faster.rank()).isCloseTo(1, within(1e-9));
    }

    @Test
    void takesAClockThatIsBehindForOneThatStands() {
        latency.record(1_000, SECOND);

        latency.record(3_000, 0);

        assertThat(latency.averageNanos()).isEqualTo(2_000);
    }

    @Test
    void staysASampleThoughItIsTooShortToMeasure() {
        latency.record(0, SECOND);

        assertThat(latency.averageNanos()).isEqualTo(1);
    }
}
