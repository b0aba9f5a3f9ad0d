package dev.portway.observe;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.Meter;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import java.util.concurrent.TimeUnit;

/**
 * A Dropwizard timer whose distribution is also there in buckets. Those are all that is counted when a duration is recorded; how
 * many there were and at what rates follows from them, where Dropwizard's own counts each five times. Its clock is refreshed by
 * whoever records, once for many timers, and by itself when it is read. Thread-safe.
 */
final class DurationTimer extends Timer {

    private final CoarseClock clock;
    private final DurationHistogram histogram;

    DurationTimer(CoarseClock clock) {
        this(clock, new DurationHistogram(clock::getTick));
    }

    private DurationTimer(CoarseClock clock, DurationHistogram histogram) {
        this(clock, histogram, new CountedRates(histogram::count, clock));
    }

    private DurationTimer(CoarseClock clock, DurationHistogram histogram, CountedRates rates) {
        super(new BucketMeter(histogram, rates, clock), new BucketCount(histogram, rates), clock);
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

    /** How many there were, and when they were lately, by what the buckets hold. */
    private static final class BucketCount extends Histogram {

        private final DurationHistogram buckets;
        private final CountedRates rates;

        BucketCount(DurationHistogram buckets, CountedRates rates) {
            super(buckets);
            this.buckets = buckets;
            this.rates = rates;
        }

        @Override
        public void update(long nanos) {
            rates.tickIfNecessary(); // before: this one is of the interval that has begun
            buckets.update(nanos);
        }

        @Override
        public long getCount() {
            return buckets.count();
        }
    }

    private static final class BucketMeter extends Meter {

        private final DurationHistogram buckets;

        BucketMeter(DurationHistogram buckets, CountedRates rates, CoarseClock clock) {
            super(rates, clock);
            this.buckets = buckets;
        }

        /** Nothing: the buckets have it. */
        @Override
        public void mark(long times) {}

        @Override
        public long getCount() {
            return buckets.count();
        }
    }
}
