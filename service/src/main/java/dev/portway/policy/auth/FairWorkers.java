package dev.portway.policy.auth;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Few threads that do slow work for many routes, one task of each in its turn: who has a thousand tasks waiting does not
 * keep others from having one done. Thread-safe.
 */
final class FairWorkers {

    private final int waiting;
    private final ThreadPoolExecutor threads; // its queue holds one turn for each task that waits
    private final Queue<Line> turns = new ArrayDeque<>(); // guarded by this; the lines in which somebody waits

    /** @param waiting how many tasks of one line may wait; more are rejected */
    FairWorkers(String name, int count, int waiting) {
        this.waiting = waiting;
        this.threads = new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** A line of its own to wait in. Takes nothing while nobody waits in it. */
    Executor line() {
        return new Line();
    }

    void stop() {
        threads.shutdownNow();
    }

    private void takeTurn() {
        Runnable task;
        synchronized (this) {
            Line line = turns.remove();
            task = line.tasks.remove();
            if (!line.tasks.isEmpty()) {
                turns.add(line);
            }
        }
        task.run();
    }

    private final class Line implements Executor {
        private final Queue<Runnable> tasks = new ArrayDeque<>(); // guarded by the workers

        @Override
        public void execute(Runnable task) {
            synchronized (FairWorkers.this) {
                if (tasks.size() >= waiting) {
                    throw new RejectedExecutionException(waiting + " tasks of one route wait already");
                }
                threads.execute(FairWorkers.this::takeTurn); // which waits for this to be over
                if (tasks.isEmpty()) {
                    turns.add(this);
                }
                tasks.add(task);
            }
        }
    }
}
