package dev.portway.health;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of the checks: one that begins them, and a few, only while they are needed, for what may block. */
final class CheckThreads {

    private static final int MAX_LOOKUPS = 16;
    private static final int WORKER_IDLE_SECONDS = 30;

    private CheckThreads() {}

    static ScheduledThreadPoolExecutor scheduler(String name) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(
                1, named(name), new ThreadPoolExecutor.DiscardPolicy()); // rejects only when stopped
        scheduler.setRemoveOnCancelPolicy(true);
        return scheduler;
    }

    /** For asking after names, which may take long. */
    static ExecutorService lookups() {
        return upTo(MAX_LOOKUPS, "portway-lookup-");
    }

    private static ExecutorService upTo(int most, String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                most,
                most,
                WORKER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> named(name + count.incrementAndGet()).newThread(task));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
