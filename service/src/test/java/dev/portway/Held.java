package dev.portway;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Holds an origin's answer back until a test says so. */
final class Held {

    private static final long PATIENCE_SECONDS = 20;

    private Held() {}

    /** @throws IOException if the test does not say so in time, so that the origin closes the connection */
    static void until(CountDownLatch latch) throws IOException {
        waited(() -> latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    /** The same for one of several answers: each takes a permit. */
    static void until(Semaphore permits) throws IOException {
        waited(() -> permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private static void waited(Wait wait) throws IOException {
        try {
            if (!wait.succeeds()) {
                throw new IOException("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private interface Wait {

        boolean succeeds() throws InterruptedException;
    }
}
