package dev.portway.health;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Bounds how many checks run at once; the others wait their turn, first come, first served. Thread-safe. */
final class CheckGate {

    private int limit; // guarded by this
    private final Executor executor;
    private final Queue<CompletableFuture<@Nullable Void>> waiting = new ArrayDeque<>(); // guarded by this
    private int running; // guarded by this

    /** Begins checks on {@code executor}, which they do not keep. */
    CheckGate(int limit, Executor executor) {
        this.limit = limit;
        this.executor = executor;
    }

    /** Runs it as soon as fewer than the limit run. */
    CompletableFuture<CheckResult> pass(Check check) {
        return enter().thenComposeAsync(entered -> check.run(), executor).whenComplete((result, failure) -> leave());
    }

    /** Changes how many may run at once; those that run are not disturbed. */
    void limit(int most) {
        List<CompletableFuture<@Nullable Void>> next = new ArrayList<>();
        synchronized (this) {
            limit = most;
            while (running < limit && !waiting.isEmpty()) {
                running++;
                next.add(waiting.remove());
            }
        }
        next.forEach(turn -> turn.complete(null));
    }

    private synchronized CompletableFuture<@Nullable Void> enter() {
        CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();
        if (running >= limit) {
            waiting.add(turn);
        } else {
            running++;
            turn.complete(null);
        }
        return turn;
    }

    /** Hands the place to the next one, which keeps it counted. */
    private void leave() {
        CompletableFuture<@Nullable Void> next;
        synchronized (this) {
            next = running > limit ? null : waiting.poll();
            if (next == null) {
                running--;
            }
        }
        if (next != null) {
            next.complete(null);
        }
    }
}
