package dev.portway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.codahale.metrics.Clock;
import com.codahale.metrics.ExponentialMovingAverages;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CountedRatesTest {

    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - TimeUnit.MINUTES.toNanos(7)); // it overflows on the way
    private final Clock clock = new Clock() {
        @Override
        public long getTick() {
            return now.get();
        }
    };
    private final AtomicLong count = new AtomicLong();

    @Property(tries = 200)
    void areDropwizardsWhereItIsToldOfEachEvent(@ForAll("steps") List<Step> steps) {
        count.set(0); // jqwik keeps the instance
        CountedRates counted = new CountedRates(count::get, clock);
        ExponentialMovingAverages fed = new ExponentialMovingAverages(clock);

        for (Step step : steps) {
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(step.millis()));
            fed.tickIfNecessary();
            counted.tickIfNecessary();
            fed.update(step.events());
            count.addAndGet(step.events());

            assertThat(counted.getM1Rate()).isCloseTo(fed.getM1Rate(), within(1e-9));
            assertThat(counted.getM5Rate()).isCloseTo(fed.getM5Rate(), within(1e-9));
            assertThat(counted.getM15Rate()).isCloseTo(fed.getM15Rate(), within(1e-9));
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 20_000),
                        Arbitraries.integers().between(0, 1_000))
                .as(Step::new)
                .list()
                .ofMaxSize(50);
    }

    @Test
    void isSoonBackAfterAMonthWithoutAnEvent() {
        CountedRates rates = new CountedRates(count::get, clock);
        count.set(1_000);
        now.addAndGet(TimeUnit.SECONDS.toNanos(6));
        rates.tickIfNecessary();
        assertThat(rates.getM15Rate()).isPositive();

        now.addAndGet(TimeUnit.DAYS.toNanos(30));
        rates.tickIfNecessary();

        assertThat(rates.getM1Rate()).isCloseTo(0, within(1e-9));
        assertThat(rates.getM15Rate()).isCloseTo(0, within(1e-9));
    }

    record Step(long millis, int events) {}
}
