package dev.portway;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A part of a test that runs beside it, on a thread of its own; its failure is the test's. */
final class Background {

    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private Background() {}

    static Background run(Step step) {
        Background background = new Background();
        Thread thread = new Thread(
                () -> {
                    try {
                        step.run();
                        background.done.complete(null);
                    } catch (Throwable failure) {
                        background.done.completeExceptionally(failure);
                    }
                },
                "test-background");
        thread.setDaemon(true);
        thread.start();
        return background;
    }

    /** Waits for it, up to 30 seconds. */
    void join() throws InterruptedException, ExecutionException, TimeoutException {
        done.get(30, TimeUnit.SECONDS);
    }

    boolean done() {
        return done.isDone();
    }

    /** What runs. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
