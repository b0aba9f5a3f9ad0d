package dev.portway.health;

import java.util.concurrent.CompletableFuture;

/** One way to look at one backend. Thread-safe; no two runs at once. */
interface Check {

    /** Looks, without keeping the caller. Never fails, and is done in a bounded time. */
    CompletableFuture<CheckResult> run();
}
