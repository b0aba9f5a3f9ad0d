package dev.portway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecordQueueRaceTest {

    @Test
    void givesBackInOrderWhatWasPutIn() {
        RecordQueue<Integer> queue = new RecordQueue<>(4);

        assertThat(queue.offer(1)).isTrue();
        assertThat(queue.offer(2)).isTrue();

        assertThat(queue.poll()).isEqualTo(1);
        assertThat(queue.poll()).isEqualTo(2);
        assertThat(queue.poll()).isNull();
    }

    @Test
    void refusesWhatItHasNoRoomFor() {
        RecordQueue<Integer> queue = new RecordQueue<>(2);
        for (int round = 0; round < 5; round++) {
            assertThat(queue.offer(1)).isTrue();
            assertThat(queue.offer(2)).isTrue();
            assertThat(queue.offer(3)).isFalse();
            assertThat(queue.size()).isEqualTo(2);
            assertThat(queue.poll()).isEqualTo(1);
            assertThat(queue.poll()).isEqualTo(2);
        }
    }

    @Test
    void takesPowersOfTwoOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecordQueue<>(100))
                .withMessage("capacity: 100 (expected: a power of two)");
    }

    /** Each producer's numbers come out ascending, and exactly those that were accepted come out. */
    @Test
    void losesAndDoublesNothingUnderContention() throws Exception {
        RecordQueue<long[]> queue = new RecordQueue<>(64);
        int producers = 3;
        int each = 200_000;
        AtomicLong accepted = new AtomicLong();
        Thread[] threads = new Thread[producers];
        for (int p = 0; p < producers; p++) {
            int producer = p;
            threads[p] = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    if (queue.offer(new long[] {producer, i})) {
                        accepted.incrementAndGet();
                    }
                }
            });
            threads[p].start();
        }

        long taken = 0;
        long[] last = {-1, -1, -1};
        boolean running = true;
        while (running || queue.size() > 0) {
            running = threads[0].isAlive() || threads[1].isAlive() || threads[2].isAlive();
            for (long[] element = queue.poll(); element != null; element = queue.poll()) {
                assertThat(element[1]).isGreaterThan(last[(int) element[0]]);
                last[(int) element[0]] = element[1];
                taken++;
            }
        }

        assertThat(taken).isEqualTo(accepted.get());
    }
}
