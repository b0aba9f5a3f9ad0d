package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Components;
import org.eclipse.jetty.util.Attributes;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;

/** Jetty's components, with the event loop of an exchange as its executor. */
record LoopComponents(Components components, Executor loop) implements Components {

    LoopComponents {
        requireNonNull(components, "components");
        requireNonNull(loop, "loop");
    }

    @Override
    public ByteBufferPool getByteBufferPool() {
        return components.getByteBufferPool();
    }

    @Override
    public Scheduler getScheduler() {
        return components.getScheduler();
    }

    @Override
    @SuppressWarnings({"deprecation", "removal"}) // to be implemented as long as it is there
    public ThreadPool getThreadPool() {
        return components.getThreadPool();
    }

    @Override
    public Executor getExecutor() {
        return loop;
    }

    @Override
    public Attributes getCache() {
        return components.getCache();
    }
}
