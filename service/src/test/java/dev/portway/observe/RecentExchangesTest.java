package dev.portway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portway.exchange.ExchangeRecord;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecentExchangesTest {

    private final RecentExchanges recent = new RecentExchanges(4);

    @Test
    void givesTheLastOnesInTheirOrder() {
        record(1, 3);

        assertThat(paths(recent.last(2, any -> true))).containsExactly("/2", "/3");
        assertThat(recent.last(2, any -> true).next()).isEqualTo(3);
        assertThat(paths(recent.last(9, exchange -> exchange.path().equals("/2"))))
                .containsExactly("/2");
    }

    @Test
    void goesOnWhereAPageEnded() {
        record(1, 2);
        RecentExchanges.Page first = recent.from(0, 1, any -> true);
        RecentExchanges.Page second = recent.from(first.next(), 9, any -> true);

        assertThat(paths(first)).containsExactly("/1");
        assertThat(paths(second)).containsExactly("/2");
        assertThat(recent.from(second.next(), 9, any -> true)).isEqualTo(new RecentExchanges.Page(2, 0, List.of()));
    }

    @Test
    void saysHowManyAReaderHasMissed() {
        record(1, 7);

        RecentExchanges.Page page =
                recent.from(1, 9, exchange -> !exchange.path().equals("/5"));

        assertThat(page.missed()).isEqualTo(2);
        assertThat(paths(page)).containsExactly("/4", "/6", "/7");
        assertThat(page.next()).isEqualTo(7);
    }

    @Test
    void beginsAnewWithAReaderOfAnotherProxy() {
        record(1, 2);

        RecentExchanges.Page page = recent.from(500, 9, any -> true);

        assertThat(paths(page)).containsExactly("/1", "/2");
        assertThat(page.missed()).isZero();
        assertThat(page.next()).isEqualTo(2);
    }

    @Test
    void keepsNoLongField() {
        recent.record(Exchanges.exchange().path("/" + "x".repeat(100_000)).record());

        assertThat(recent.last(1, any -> true).exchanges().get(0).path()).hasSizeLessThan(3_000);
    }

    @Test
    void takesPowersOfTwoOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecentExchanges(100))
                .withMessage("capacity: 100 (expected: a power of two)");
    }

    /** Whatever a reader is given and told that it has missed is all there was, each writer's in its order. */
    @Test
    void losesNothingUncountedUnderContention() throws Exception {
        RecentExchanges contended = new RecentExchanges(64);
        int each = 100_000;
        Thread[] writers = new Thread[2];
        for (int writer = 0; writer < writers.length; writer++) {
            String method = String.valueOf(writer);
            writers[writer] = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    contended.record(
                            Exchanges.exchange().method(method).bytes(i, 0).record());
                }
            });
            writers[writer].start();
        }

        long[] last = {-1, -1};
        long seen = 0;
        long next = 0;
        while (next < 2L * each) {
            RecentExchanges.Page page = contended.from(next, 50, any -> true);
            for (ExchangeRecord exchange : page.exchanges()) {
                int writer = Integer.parseInt(exchange.method());
                assertThat(exchange.bytesIn()).isGreaterThan(last[writer]);
                last[writer] = exchange.bytesIn();
            }
            seen += page.exchanges().size() + page.missed();
            next = page.next();
            assertThat(seen).isEqualTo(next);
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(Math.max(last[0], last[1])).isEqualTo(each - 1);
    }

    private void record(int from, int to) {
        for (int i = from; i <= to; i++) {
            recent.record(Exchanges.exchange().path("/" + i).record());
        }
    }

    private static List<String> paths(RecentExchanges.Page page) {
        return page.exchanges().stream().map(ExchangeRecord::path).toList();
    }
}
