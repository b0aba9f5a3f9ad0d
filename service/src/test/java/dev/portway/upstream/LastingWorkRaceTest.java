package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.TargetState;
import java.time.Instant;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastingWorkRaceTest {

    private static final int ROUNDS = 5_000;

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final CyclicBarrier together = new CyclicBarrier(2);

    @AfterEach
    void end() {
        other.shutdownNow();
    }

    @Test
    void whatComesWhileTheBackendIsSetDownIsTold() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Place place = new Place();
            Told work = new Told();

            race(() -> place.work.add(work), place::setDown);

            assertThat(work.told).isTrue();
        }
    }

    @Test
    void whatComesWhileAnotherTakesTheBackendsPlaceIsToldWhenThatIsSetDown() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Place before = new Place();
            Place after = new Place();
            Told work = new Told();

            race(() -> before.work.add(work), () -> before.work.succeededBy(after.work));
            after.setDown();

            assertThat(work.told).isTrue();
        }
    }

    @Test
    void whatComesToABackendThatIsSetDownAsItTakesAnothersPlaceIsTold() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Place before = new Place();
            Place after = new Place();
            Told work = new Told();
            before.work.add(work);

            race(() -> before.work.succeededBy(after.work), after::setDown);

            assertThat(work.told).isTrue();
        }
    }

    @Test
    void whatEndsWhileAnotherTakesTheBackendsPlaceIsForgotten() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Place before = new Place();
            Place after = new Place();
            Told work = new Told();
            before.work.add(work);

            race(() -> before.work.remove(work), () -> before.work.succeededBy(after.work));
            after.setDown();

            assertThat(work.told).isFalse();
        }
    }

    private void race(Runnable one, Runnable another) throws Exception {
        Future<?> done = other.submit(() -> {
            together.await();
            another.run();
            return null;
        });
        together.await();
        one.run();
        done.get();
    }

    private static final class Place {
        final AdministrativeState state = new AdministrativeState(Instant.EPOCH);
        final LastingWork work = new LastingWork(state);

        void setDown() {
            state.override(TargetState.DOWN, Instant.EPOCH);
            work.endWhatIsDown();
        }
    }

    private static final class Told implements Lasting {
        volatile boolean told; // written by whoever sets its backend down

        @Override
        public String routeId() {
            return "route";
        }

        @Override
        public void takenDown() {
            told = true;
        }
    }
}
