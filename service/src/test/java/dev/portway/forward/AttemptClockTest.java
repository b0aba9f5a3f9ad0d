package dev.portway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.config.TimeoutsConfig;
import dev.portway.forward.LimitExceededException.Limit;
import dev.portway.transport.Deadlines;
import dev.portway.transport.EventLoop;
import dev.portway.transport.RunningLoops;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AttemptClockTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    private final RunningLoops running = new RunningLoops();
    private final CompletableFuture<Limit> exceeded = new CompletableFuture<>();
    private final AttemptClock.Listener listener = new AttemptClock.Listener() {
        @Override
        public void continueOverdue() {}

        @Override
        public void exceeded(Limit limit) {
            exceeded.complete(limit);
        }
    };

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    /** The loop was late, as after a pause of the whole process, and first took up what had come in meanwhile. */
    @Test
    void watchesOnWhereSomethingMovedBetweenTheTimerAndTheLoop() throws Exception {
        EventLoop loop = running.loop();
        AttemptClock clock = new AttemptClock(loop.deadlines(), TimeoutsConfig.DEFAULT, Deadlines.NEVER, listener);
        loop.execute(() -> {
            clock.begin();
            clock.enter(Limit.STREAM, SHORT);
            await().pollDelay(SHORT.multipliedBy(3)).until(() -> true); // the timer runs, and is heard of after this
            clock.moved();
        });

        assertThat(exceeded.get(10, TimeUnit.SECONDS)).isEqualTo(Limit.STREAM);
        clock.end();
    }

    @Test
    void leavesWhatOutlivesItsRequestTheTimeThatItHas() throws Exception {
        EventLoop loop = running.loop();
        long began = System.nanoTime();
        AttemptClock clock =
                new AttemptClock(loop.deadlines(), TimeoutsConfig.DEFAULT, Deadlines.after(SHORT), listener);
        loop.execute(() -> {
            clock.begin();
            clock.enter(Limit.RESPONSE, SHORT.multipliedBy(3));
            clock.outliveRequest();
        });

        assertThat(exceeded.get(10, TimeUnit.SECONDS)).isEqualTo(Limit.RESPONSE);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(SHORT.multipliedBy(3));
        clock.end();
    }
}
