package dev.portway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecentTest {

    private final AtomicInteger made = new AtomicInteger();
    private final Recent<Integer, String> recent = new Recent<>(key -> {
        made.incrementAndGet();
        return "of " + key;
    });

    @Test
    void makesTheValueOfAKeyOnce() {
        String first = recent.get(7);

        assertThat(recent.get(7)).isSameAs(first);
        assertThat(made).hasValue(1);
    }

    @Property(tries = 100)
    void isNeverThatOfAnotherKey(@ForAll @Size(max = 2_000) List<@IntRange(min = -500, max = 500) Integer> keys) {
        for (Integer key : keys) {
            assertThat(recent.get(key)).isEqualTo("of " + key);
        }
    }

    @Test
    void isTheRightOneForManyThreadsToo() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                SplittableRandom random = new SplittableRandom(thread);
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        int key = random.nextInt(1_000);
                        assertThat(recent.get(key).equals("of " + key)).isTrue();
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
