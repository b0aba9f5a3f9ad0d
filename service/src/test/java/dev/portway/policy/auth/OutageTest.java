package dev.portway.policy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutageTest {

    private final AtomicLong now = new AtomicLong();
    private final Outage outage = new Outage(now::get);

    @Test
    void isSaidOnceAndThenEachMinute() {
        assertThat(outage.failed()).isTrue();
        for (int second = 0; second < 59; second++) {
            now.addAndGet(1_000_000_000L);
            assertThat(outage.failed()).isFalse();
        }
        now.addAndGet(1_000_000_000L);
        assertThat(outage.failed()).isTrue();
        assertThat(outage.failed()).isFalse();
    }

    @Test
    void itsEndIsSaidOnceAndOnlyAfterItsBegin() {
        assertThat(outage.answered()).isFalse();
        outage.failed();

        assertThat(outage.answered()).isTrue();
        assertThat(outage.answered()).isFalse();
    }

    @Test
    void ofAServiceThatComesAndGoesLittleIsSaid() {
        int said = 0;
        for (int i = 0; i < 1_000; i++) {
            said += outage.failed() ? 1 : 0;
            said += outage.answered() ? 1 : 0;
            now.addAndGet(Outage.PAUSE / 100);
        }

        assertThat(said).isEqualTo(20);
    }

    @Test
    void oneThatBeginsAgainUnsaidIsSaidWhenItLasts() {
        outage.failed();
        outage.answered();
        assertThat(outage.failed()).isFalse();

        now.addAndGet(Outage.PAUSE);

        assertThat(outage.failed()).isTrue();
    }
}
