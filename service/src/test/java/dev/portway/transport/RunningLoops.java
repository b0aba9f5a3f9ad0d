package dev.portway.transport;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/** One event loop, running, with what it needs of a server. */
public final class RunningLoops implements AutoCloseable {

    private final QueuedThreadPool workers = new QueuedThreadPool();
    private final Scheduler scheduler = new ScheduledExecutorScheduler();
    private final EventLoops loops = new EventLoops(workers, scheduler, 1);
    private final ContainerLifeCycle all = new ContainerLifeCycle();

    public RunningLoops() {
        all.addBean(workers);
        all.addBean(scheduler);
        all.addBean(loops);
        try {
            all.start();
        } catch (Exception e) {
            throw new IllegalStateException("the loops do not start", e);
        }
    }

    public EventLoop loop() {
        return loops.getBeans(EventLoop.class).iterator().next();
    }

    EventLoops loops() {
        return loops;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    QueuedThreadPool workers() {
        return workers;
    }

    /** What {@code task} gives, on the loop. */
    <T> T run(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop().execute(() -> {
            try {
                done.complete(task.call());
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        });
        return done.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        all.stop();
    }
}
