package dev.portway.config;

import static java.util.Objects.requireNonNull;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks again and again, until it is stopped; a defect in what it does about it does not end that. Owns one thread. */
public final class Lookout implements Managed {

    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

    private final Supplier<Duration> pause;
    private final Look look;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** What is done each time; called by the lookout's own thread. */
    @FunctionalInterface
    public interface Look {
        void look() throws InterruptedException;
    }

    /**
     * A lookout, not yet started.
     *
     * @param name of its thread
     * @param pause before each look
     */
    public Lookout(String name, Supplier<Duration> pause, Look look) {
        this.pause = requireNonNull(pause, "pause");
        this.look = requireNonNull(look, "look");
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    @Override
    public void start() {
        thread.start();
    }

    /** Ends the thread; a look under way is waited for. */
    @Override
    public void stop() throws InterruptedException {
        stopped.countDown();
        thread.join();
    }

    /** Waits for so long, or until it is stopped; whether it is. */
    public boolean stops(Duration after) throws InterruptedException {
        return stopped.await(after.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        try {
            while (!stops(pause.get())) {
                lookSafely();
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }

    private void lookSafely() throws InterruptedException {
        try {
            look.look();
        } catch (RuntimeException e) {
            LOG.error("{} failed", thread.getName(), e);
        }
    }
}
