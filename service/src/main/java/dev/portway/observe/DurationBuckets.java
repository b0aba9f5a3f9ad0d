package dev.portway.observe;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Durations as Prometheus has them: a histogram in seconds, from half a millisecond to ten seconds. */
final class DurationBuckets {

    private static final double NANOS_PER_SECOND = 1e9;

    /** In nanoseconds; all of them bounds that {@link DurationHistogram} has, so that nothing is guessed. */
    static final long[] BOUNDS = LongStream.of(
                    100,
                    250,
                    500,
                    1_000,
                    2_500,
                    5_000,
                    10_000,
                    25_000,
                    50_000,
                    100_000,
                    250_000,
                    500_000,
                    1_000_000,
                    2_500_000,
                    5_000_000,
                    10_000_000)
            .map(micros -> micros * 1_000)
            .toArray();

    private static final double[] BOUNDS_IN_SECONDS = seconds();

    private DurationBuckets() {}

    static <T> HistogramSnapshot snapshot(
            String name,
            String help,
            List<PrometheusText.Labelled<T>> sources,
            Function<T, DurationHistogram> durations) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name(name).help(help);
        for (PrometheusText.Labelled<T> source : sources) {
            DurationHistogram recorded = durations.apply(source.value());
            histogram.dataPoint(new HistogramDataPointSnapshot(
                    ClassicHistogramBuckets.of(BOUNDS_IN_SECONDS, recorded.counts(BOUNDS)),
                    recorded.sum() / NANOS_PER_SECOND,
                    source.labels(),
                    Exemplars.EMPTY,
                    0));
        }
        return histogram.build();
    }

    private static double[] seconds() {
        double[] seconds = new double[BOUNDS.length + 1];
        for (int i = 0; i < BOUNDS.length; i++) {
            seconds[i] = BOUNDS[i] / NANOS_PER_SECOND;
        }
        seconds[BOUNDS.length] = Double.POSITIVE_INFINITY;
        return seconds;
    }
}
