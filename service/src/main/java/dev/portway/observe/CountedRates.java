package dev.portway.observe;

import static java.util.Objects.requireNonNull;

import com.codahale.metrics.Clock;
import com.codahale.metrics.EWMA;
import com.codahale.metrics.MovingAverages;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Dropwizard's averages of one, five and fifteen minutes, exponentially weighted, of what is counted elsewhere: the count is looked at
 * every five seconds, not fed with each event. Thread-safe; takes a lock but once in five seconds.
 */
final class CountedRates implements MovingAverages {

    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(5); // what EWMA's weights are made for

    private static final long FORGOTTEN_TICKS =
            TimeUnit.DAYS.toNanos(1) / TICK_NANOS; // nothing is left of a rate by then

    private final LongSupplier count;
    private final Clock clock;
    private final EWMA one = EWMA.oneMinuteEWMA();
    private final EWMA five = EWMA.fiveMinuteEWMA();
    private final EWMA fifteen = EWMA.fifteenMinuteEWMA();
    private volatile long ticked; // written by tick()
    private long counted; // guarded by this; at the last tick

    /** @param count of all events, ever; never falls */
    CountedRates(LongSupplier count, Clock clock) {
        this.count = requireNonNull(count, "count");
        this.clock = requireNonNull(clock, "clock");
        this.ticked = clock.getTick();
    }

    @Override
    public void tickIfNecessary() {
        if (clock.getTick() - ticked > TICK_NANOS) {
            tick();
        }
    }

    private synchronized void tick() {
        long age = clock.getTick() - ticked;
        if (age <= TICK_NANOS) {
            return; // another thread was here first
        }
        long now = count.getAsLong();
        for (EWMA each : new EWMA[] {one, five, fifteen}) {
            each.update(now - counted);
            for (long ticks = Math.min(age / TICK_NANOS, FORGOTTEN_TICKS); ticks > 0; ticks--) {
                each.tick();
            }
        }
        counted = now;
        ticked += age - age % TICK_NANOS;
    }

    /** Nothing: the event is in the count. */
    @Override
    public void update(long times) {}

    @Override
    public double getM1Rate() {
        return one.getRate(TimeUnit.SECONDS);
    }

    @Override
    public double getM5Rate() {
        return five.getRate(TimeUnit.SECONDS);
    }

    @Override
    public double getM15Rate() {
        return fifteen.getRate(TimeUnit.SECONDS);
    }
}
