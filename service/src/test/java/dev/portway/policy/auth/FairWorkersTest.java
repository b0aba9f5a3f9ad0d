package dev.portway.policy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairWorkersTest {

    private final FairWorkers workers = new FairWorkers("test-worker", 1, 8);
    private final CountDownLatch opened = new CountDownLatch(1);

    @AfterEach
    void stop() {
        workers.stop();
    }

    @Test
    void whoComesLastToAnotherLineIsNotBehindAllOfTheFirst() throws Exception {
        Executor flooded = workers.line();
        Executor quiet = workers.line();
        List<String> done = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(7);
        flooded.execute(this::waitForOpening);

        IntStream.range(0, 5).forEach(i -> flooded.execute(() -> note("flood", done, all)));
        IntStream.range(0, 2).forEach(i -> quiet.execute(() -> note("quiet", done, all)));
        opened.countDown();

        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(done).hasSize(7);
        assertThat(done.subList(0, 4)).containsExactlyInAnyOrder("flood", "quiet", "flood", "quiet");
    }

    @Test
    void aFullLineRejectsAndNoOtherDoes() {
        Executor full = workers.line();
        full.execute(this::waitForOpening);
        fill(full);

        workers.line().execute(() -> {});

        opened.countDown();
    }

    /** The one that is being done may or may not have left the line. */
    private static void fill(Executor line) {
        assertThatThrownBy(() -> IntStream.range(0, 9).forEach(i -> line.execute(() -> {})))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aTaskThatThrowsTakesNobodyElsesTurn() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Executor line = workers.line();

        line.execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
            throw new IllegalStateException("on purpose");
        });
        line.execute(done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void stoppedOnesRejectAndKeepNothing() {
        workers.stop();

        assertThatThrownBy(() -> workers.line().execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private static void note(String what, List<String> done, CountDownLatch all) {
        done.add(what);
        all.countDown();
    }

    private void waitForOpening() {
        try {
            opened.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
