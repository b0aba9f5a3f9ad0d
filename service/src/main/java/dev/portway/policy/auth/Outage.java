package dev.portway.policy.auth;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When there is something to say in the log of a service that fails: at its first failure, each minute while it goes on, and
 * when it answers again; of one that comes and goes not more than once in ten seconds. Thread-safe.
 */
final class Outage {

    static final long PAUSE = Duration.ofSeconds(10).toNanos();
    static final long REMINDER = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private boolean failing; // guarded by this
    private boolean said; // guarded by this; since the last time that it answered
    private long saidAt; // guarded by this

    Outage(LongSupplier nanoTime) {
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.saidAt = nanoTime.getAsLong() - REMINDER;
    }

    /** Takes note of a failure; whether it is to be said. */
    synchronized boolean failed() {
        long now = nanoTime.getAsLong();
        boolean due = now - saidAt >= (failing && said ? REMINDER : PAUSE);
        failing = true;
        if (due) {
            said = true;
            saidAt = now;
        }
        return due;
    }

    /** Takes note of an answer; whether it is to be said that there is one again. */
    synchronized boolean answered() {
        boolean due = failing && said;
        failing = false;
        said = false;
        return due;
    }
}
