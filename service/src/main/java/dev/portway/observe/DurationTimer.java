package dev.portway.observe;

import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import java.util.concurrent.TimeUnit;

/**
 * A Dropwizard timer whose distribution is also there in buckets. Its clock is refreshed by whoever records, once for
 * many timers, and by itself when it is read. Thread-safe.
 */
final class DurationTimer extends Timer {

    private final CoarseClock clock;
    private final DurationHistogram histogram;

    DurationTimer(CoarseClock clock) {
        this(clock, new DurationHistogram(clock::getTick));
    }

    private DurationTimer(CoarseClock clock, DurationHistogram histogram) {
        super(histogram, clock);
        this.clock = clock;
        this.histogram = histogram;
    }

    void record(long nanos) {
        update(nanos, TimeUnit.NANOSECONDS);
    }

    DurationHistogram histogram() {
        return histogram;
    }

    @Override
    public Snapshot getSnapshot() {
        clock.refresh();
        return super.getSnapshot();
    }

    @Override
    public double getMeanRate() {
        clock.refresh();
        return super.getMeanRate();
    }

    @Override
    public double getOneMinuteRate() {
        clock.refresh();
        return super.getOneMinuteRate();
    }

    @Override
    public double getFiveMinuteRate() {
        clock.refresh();
        return super.getFiveMinuteRate();
    }

    @Override
    public double getFifteenMinuteRate() {
        clock.refresh();
        return super.getFifteenMinuteRate();
    }
}
