package dev.portway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.codahale.metrics.Snapshot;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DurationHistogramTest {

    private final AtomicLong now = new AtomicLong();
    private final DurationHistogram histogram = new DurationHistogram(now::get);

    @Test
    void findsQuantilesWithinABucketsWidth() {
        for (long micros = 1; micros <= 10_000; micros++) {
            histogram.update(micros * 1_000);
        }

        Snapshot snapshot = histogram.getSnapshot();

        assertThat(snapshot.getMedian()).isCloseTo(5_000_000, within(100_000.0));
        assertThat(snapshot.get99thPercentile()).isCloseTo(9_900_000, within(300_000.0));
        assertThat(snapshot.getMean()).isCloseTo(5_000_000, within(100_000.0));
        assertThat(snapshot.size()).isEqualTo(10_000);
    }

    @Test
    void saysZeroWhereNothingWasRecorded() {
        Snapshot snapshot = histogram.getSnapshot();

        assertThat(snapshot.get99thPercentile()).isZero();
        assertThat(snapshot.getMax()).isZero();
        assertThat(snapshot.getMean()).isZero();
        assertThat(snapshot.getStdDev()).isZero();
    }

    @Test
    void forgetsInItsSnapshotWhatIsOlderThanTenMinutes() {
        histogram.update(TimeUnit.SECONDS.toNanos(50));
        minutes(6);
        histogram.update(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(histogram.getSnapshot().size()).isEqualTo(2);

        minutes(5);

        assertThat(histogram.getSnapshot().size()).isEqualTo(1);
        assertThat(histogram.getSnapshot().getMax()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(LongStream.of(histogram.counts()).sum()).isEqualTo(2);
    }

    @Test
    void isEmptyAfterALongSilence() {
        histogram.update(1_000_000);

        minutes(60);

        assertThat(histogram.getSnapshot().size()).isZero();
    }

    @Test
    void countsADurationOfExactlyABoundBelowIt() {
        histogram.update(1_000_000);
        histogram.update(1_000_001);
        histogram.update(TimeUnit.HOURS.toNanos(1));

        assertThat(histogram.counts(new long[] {1_000_000, 10_000_000})).containsExactly(1, 1, 1);
    }

    @Test
    void hasEveryBoundThatPrometheusIsGiven() {
        assertThat(LongStream.of(DurationBuckets.BOUNDS)).allMatch(DurationHistogram::bounds);
    }

    @Property(tries = 200)
    void putsEveryDurationIntoOneBucketThatHoldsIt(
            @ForAll @Size(max = 50) List<@LongRange(max = 200_000_000_000L) Long> durations) {
        DurationHistogram recorded = new DurationHistogram(() -> 0);
        durations.forEach(recorded::update);

        long[] below = recorded.counts(DurationBuckets.BOUNDS);

        long seen = 0;
        for (int i = 0; i < DurationBuckets.BOUNDS.length; i++) {
            long bound = DurationBuckets.BOUNDS[i];
            seen += below[i];
            assertThat(seen)
                    .isEqualTo(
                            durations.stream().filter(nanos -> nanos <= bound).count());
        }
        assertThat(seen + below[below.length - 1]).isEqualTo(durations.size());
        assertThat(recorded.sum())
                .isEqualTo(durations.stream().mapToLong(Long::longValue).sum());
    }

    private void minutes(int minutes) {
        now.addAndGet(TimeUnit.MINUTES.toNanos(minutes));
    }
}
