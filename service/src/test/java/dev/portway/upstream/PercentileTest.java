package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PercentileTest {

    private static final double MILLISECOND = 1e6;

    private final Percentile percentile = new Percentile();
    private final Random random = new Random(1);

    @Test
    void saysNothingOfAFew() {
        record(99, 5);

        assertThat(percentile.nanos()).isZero();
    }

    @Test
    void isExceededByOneOfTwenty() {
        record(2_000, 5);

        assertThat(exceeded(20_000)).isBetween(0.035, 0.065);
    }

    @Test
    void isFoundThoughTheFirstTimesWereLong() {
        percentile.record((long) (200 * MILLISECOND));
        record(2_000, 5);

        assertThat(exceeded(20_000)).isBetween(0.035, 0.065);
    }

    @Test
    void followsWhatBecomesSlower() {
        record(2_000, 5);

        record(300, 50);

        assertThat(percentile.nanos()).isGreaterThan((long) (50 * MILLISECOND));
    }

    @Test
    void followsWhatBecomesQuicker() {
        record(2_000, 50);

        record(2_000, 5);

        assertThat(exceeded(20_000)).isBetween(0.035, 0.065);
    }

    @Test
    void staysAboveNothing() {
        for (int i = 0; i < 10_000; i++) {
            percentile.record(0);
        }

        assertThat(percentile.nanos()).isEqualTo(1);
    }

    /** Times about this many milliseconds, by a lognormal distribution. */
    private void record(int times, double about) {
        for (int i = 0; i < times; i++) {
            percentile.record(time(about));
        }
    }

    /** The part of so many times about 5 ms that is longer, each against what is known by then. */
    private double exceeded(int times) {
        int longer = 0;
        for (int i = 0; i < times; i++) {
            long time = time(5);
            longer += time > percentile.nanos() ? 1 : 0;
            percentile.record(time);
        }
        return (double) longer / times;
    }

    private long time(double about) {
        return (long) (about * MILLISECOND * Math.exp(0.5 * random.nextGaussian()));
    }
}
