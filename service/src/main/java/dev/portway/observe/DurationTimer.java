package dev.portway.observe;

import com.codahale.metrics.Clock;
import com.codahale.metrics.Timer;
import java.util.concurrent.TimeUnit;

/** A Dropwizard timer whose distribution is also there in buckets. Thread-safe, without locks. */
final class DurationTimer extends Timer {

    private final DurationHistogram histogram;

    DurationTimer(Clock clock) {
        this(new DurationHistogram(clock::getTick), clock);
    }

    private DurationTimer(DurationHistogram histogram, Clock clock) {
        super(histogram, clock);
        this.histogram = histogram;
    }

    void record(long nanos) {
        update(nanos, TimeUnit.NANOSECONDS);
    }

    DurationHistogram histogram() {
        return histogram;
    }
}
