package dev.portway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DeadlinesTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    private final RunningLoops running = new RunningLoops();
    private final List<String> told = new ArrayList<>(); // confined to the loop
    private final EventLoop loop = running.loop();
    private final Deadlines deadlines = loop.deadlines();

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    @Test
    void areToldInTheirOrderAndOnce() throws Exception {
        assertThat(toldBy(SHORT.multipliedBy(4), last -> {
                    begin("third", SHORT.multipliedBy(3));
                    begin("first", SHORT);
                    begin("second", SHORT.multipliedBy(2));
                    begin("never", Duration.ZERO);
                }))
                .containsExactly("first", "second", "third", "last");
    }

    @Test
    void areNotToldOfWhatHasEnded() throws Exception {
        assertThat(toldBy(SHORT.multipliedBy(2), last -> {
                    Told ended = begin("ended", SHORT);
                    begin("between", SHORT);
                    Told endedToo = begin("ended too", SHORT);
                    deadlines.end(ended);
                    deadlines.end(endedToo);
                    deadlines.end(endedToo); // once more does nothing
                }))
                .containsExactly("between", "last");
    }

    /** As where of two attempts the first that is given up takes the other with it. */
    @Test
    void areNotToldOfWhatEndsWithAnother() throws Exception {
        assertThat(toldBy(SHORT.multipliedBy(3), last -> {
                    Told one = begin("one", SHORT);
                    Told other = begin("other", SHORT);
                    one.then = () -> deadlines.end(other);
                    other.then = () -> deadlines.end(one);
                }))
                .hasSize(2)
                .endsWith("last");
    }

    @Test
    void areToldOfWhatComesNearer() throws Exception {
        assertThat(toldBy(SHORT.multipliedBy(3), last -> {
                    Told moved = begin("moved", Duration.ofHours(1));
                    moved.due = Deadlines.after(SHORT);
                    deadlines.moved(moved);
                }))
                .containsExactly("moved", "last");
    }

    /** A deadline that moves away is not told of, and needs not be, until it is looked at. */
    @Test
    void waitForWhatMovesAway() throws Exception {
        assertThat(toldBy(SHORT.multipliedBy(6), last -> {
                    Told moved = begin("moved", SHORT);
                    moved.due = Deadlines.after(SHORT.multipliedBy(4));
                    begin("before", SHORT.multipliedBy(2));
                }))
                .containsExactly("before", "moved", "last");
    }

    @Test
    void goOnAfterOneThatStaysAsItIs() throws Exception {
        assertThat(toldBy(SHORT.multipliedBy(3), last -> {
                    Told stubborn = begin("stubborn", SHORT);
                    stubborn.stays = true;
                    begin("next", SHORT.multipliedBy(2));
                }))
                .containsSubsequence("stubborn", "next", "last");
    }

    /** What has been told when {@code last} is up, which is watched besides. */
    private List<String> toldBy(Duration last, Consumer<Told> rest) throws Exception {
        CompletableFuture<List<String>> done = new CompletableFuture<>();
        loop.execute(() -> {
            Told end = begin("last", last);
            end.then = () -> done.complete(List.copyOf(told));
            rest.accept(end);
        });
        return done.get(10, TimeUnit.SECONDS);
    }

    private Told begin(String name, Duration after) {
        Told bounded = new Told(name, Deadlines.after(after));
        deadlines.begin(bounded);
        return bounded;
    }

    private final class Told extends Deadlines.Bounded {
        private final String name;
        private long due;
        private boolean stays;
        private Runnable then = () -> {};

        Told(String name, long due) {
            this.name = name;
            this.due = due;
        }

        @Override
        protected long due() {
            return due;
        }

        @Override
        protected void expired() {
            told.add(name);
            if (!stays) {
                deadlines.end(this);
            }
            then.run();
        }
    }
}
