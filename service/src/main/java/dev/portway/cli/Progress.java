package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A line that says what is waited for, once that takes longer than a second; at a terminal only, where it is gone again at
 * the end. Confined to the thread that waits.
 */
final class Progress implements AutoCloseable {

    private static final long FIRST_MILLIS = 1_000;
    private static final String CLEAR = "\r\u001b[K";

    private final Terminal terminal;
    private final String what;
    private final long firstMillis;
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable Thread thread;

    private Progress(Terminal terminal, String what, long firstMillis) {
        this.terminal = requireNonNull(terminal, "terminal");
        this.what = requireNonNull(what, "what");
        this.firstMillis = firstMillis;
    }

    static Progress of(Terminal terminal, String what) {
        return new Progress(terminal, what, FIRST_MILLIS);
    }

    static Progress of(Terminal terminal, String what, long firstMillis) {
        return new Progress(terminal, what, firstMillis);
    }

    void start() {
        if (terminal.interactive()) {
            thread = new Thread(this::show, "progress");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void show() {
        long begin = System.nanoTime();
        boolean shown = false;
        try {
            while (!done.await(firstMillis, TimeUnit.MILLISECONDS)) {
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
                terminal.err().print(CLEAR + what + ", " + seconds + " s");
                terminal.err().flush();
                shown = true;
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        if (shown) {
            terminal.err().print(CLEAR);
            terminal.err().flush();
        }
    }

    @Override
    public void close() {
        done.countDown();
        if (thread == null) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
