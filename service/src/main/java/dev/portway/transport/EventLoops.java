package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The threads that carry the traffic, each with the clients' connections it was given and the connections to backends
 * that it opened for them. One set for all listeners and all clients of backends. Thread-safe.
 */
public final class EventLoops extends SelectorManager {

    /** Each attempt has its own connect limit; this one only ends connects that nobody waits for any more. */
    static final Duration CONNECT = Duration.ofMinutes(1);

    private static final ThreadLocal<@Nullable EventLoop> CHOSEN = new ThreadLocal<>();

    private @Nullable EventLoop starting; // confined to the thread that starts the loops, which are not yet running

    /**
     * The loops, not yet started.
     *
     * @param workers run what may block
     * @param loops how many; 0 for one to a processor
     */
    public EventLoops(Executor workers, Scheduler scheduler, int loops) {
        super(
                new Workers(workers),
                scheduler,
                loops > 0 ? loops : Runtime.getRuntime().availableProcessors());
        setConnectTimeout(CONNECT.toMillis());
    }

    /** Those of {@code server}. */
    public static EventLoops of(Server server) {
        return requireNonNull(server.getBean(EventLoops.class), "server: expected one with event loops");
    }

    /** Gives a client's connection to the next loop. */
    void accept(SelectableChannel channel, LoopMember member) {
        accept(channel, new Joining(member, null));
    }

    /** Gives a connection, which has come about already, to {@code loop}. */
    void accept(SelectableChannel channel, LoopMember member, @Nullable Object attachment, EventLoop loop) {
        CHOSEN.set(loop);
        try {
            accept(channel, new Joining(member, attachment));
        } finally {
            CHOSEN.remove();
        }
    }

    /** Lets {@code loop} wait for a connection to come about. */
    void connect(SelectableChannel channel, LoopMember member, @Nullable Object attachment, EventLoop loop) {
        CHOSEN.set(loop);
        try {
            connect(channel, new Joining(member, attachment));
        } finally {
            CHOSEN.remove();
        }
    }

    @Override
    protected ManagedSelector chooseSelector() {
        EventLoop loop = CHOSEN.get();
        return loop == null ? super.chooseSelector() : loop;
    }

    @Override
    protected ManagedSelector newSelector(int id) {
        return new EventLoop(this, id);
    }

    void starting(EventLoop loop) {
        starting = loop;
    }

    /** Called by a loop for what it has to do: at first its own rounds, later the begin and the end of connections. */
    @Override
    protected void execute(Runnable task) {
        EventLoop current = EventLoop.current();
        if (current != null) {
            current.execute(task);
        } else if (starting != null) {
            EventLoop loop = starting;
            starting = null;
            loop.begin(task);
        } else {
            super.execute(task);
        }
    }

    @Override
    protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector loop, SelectionKey key)
            throws IOException {
        return ((Joining) key.attachment()).member.newEndPoint(channel, loop, key);
    }

    @Override
    public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment)
            throws IOException {
        Joining joining = (Joining) attachment;
        return joining.member.newConnection(channel, endPoint, joining.attachment);
    }

    @Override
    public void connectionOpened(Connection connection, Object attachment) {
        Joining joining = (Joining) attachment;
        joining.member.connectionOpened(connection, joining.attachment);
    }

    @Override
    protected void connectionFailed(SelectableChannel channel, Throwable failure, Object attachment) {
        Joining joining = (Joining) attachment;
        joining.member.connectionFailed(channel, failure, joining.attachment);
    }

    @Override
    protected void onAcceptFailed(SelectableChannel channel, Throwable failure, Object attachment) {
        Joining joining = (Joining) attachment;
        joining.member.onAcceptFailed(channel, failure, joining.attachment);
    }

    @Override
    protected void endPointOpened(EndPoint endPoint) {
        ((LoopEndPoint) endPoint).member().endPointOpened(endPoint);
    }

    @Override
    protected void endPointClosed(EndPoint endPoint) {
        ((LoopEndPoint) endPoint).member().endPointClosed(endPoint);
    }

    /** Not the pool itself, which would lend its reserved threads: then a loop could change threads. */
    private record Workers(Executor pool) implements Executor {
        @Override
        public void execute(Runnable task) {
            pool.execute(task);
        }
    }

    /** On its way to a loop, which will know by it whose the channel is. */
    private record Joining(LoopMember member, @Nullable Object attachment) {}
}
