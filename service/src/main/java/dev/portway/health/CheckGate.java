package dev.portway.health;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Bounds how many checks run at once; the others wait their turn, first come, first served. Thread-safe. */
final class CheckGate {

    private final int limit;
    private final Executor executor;
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this
    private int running; // guarded by this

    /** Begins checks on {@code executor}, which they do not keep. */
    CheckGate(int limit, Executor executor) {
        this.limit = limit;
        this.executor = executor;
    }

    /** Runs it as soon as fewer than the limit run. */
    CompletableFuture<CheckResult> pass(Check check) {
        CompletableFuture<CheckResult> result = new CompletableFuture<>();
        Runnable turn = () -> check.run().whenComplete((found, failure) -> {
            leave();
            if (failure == null) {
                result.complete(found);
            } else {
                result.completeExceptionally(failure);
            }
        });
        if (enter(turn)) {
            executor.execute(turn);
        }
        return result;
    }

    private synchronized boolean enter(Runnable turn) {
        if (running == limit) {
            waiting.add(turn);
            return false;
        }
        running++;
        return true;
    }

    /** Hands the place to the next one, which keeps it counted. */
    private void leave() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                running--;
            }
        }
        if (next != null) {
            executor.execute(next);
        }
    }
}
