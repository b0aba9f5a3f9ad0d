package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyTest {

    private static final long SECOND = 1_000_000_000L;

    private final Latency latency = new Latency();

    @Test
    void isNothingBeforeTheFirstSample() {
        assertThat(latency.averageNanos()).isZero();
        assertThat(latency.expectedNanos(5)).isZero();
    }

    @Test
    void beginsWithTheFirstSample() {
        latency.record(7_000, SECOND);

        assertThat(latency.averageNanos()).isEqualTo(7_000);
        assertThat(latency.expectedNanos(SECOND)).isEqualTo(7_000);
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
    void fadesWhileNothingIsRecorded() {
        latency.record(8_000, SECOND);

        assertThat(latency.expectedNanos(10 * SECOND)).isEqualTo(8_000);
        assertThat(latency.expectedNanos(11 * SECOND)).isEqualTo(4_000);
        assertThat(latency.expectedNanos(31 * SECOND)).isEqualTo(1_000);
        assertThat(latency.expectedNanos(Long.MAX_VALUE)).isEqualTo(1);
        assertThat(latency.averageNanos()).isEqualTo(8_000);
    }

    @Test
    void takesAClockThatIsBehindForOneThatStands() {
        latency.record(1_000, SECOND);

        latency.record(3_000, 0);

        assertThat(latency.averageNanos()).isEqualTo(2_000);
        assertThat(latency.expectedNanos(-SECOND)).isEqualTo(2_000);
    }

    @Test
    void staysASampleThoughItIsTooShortToMeasure() {
        latency.record(0, SECOND);

        assertThat(latency.averageNanos()).isEqualTo(1);
    }
}
