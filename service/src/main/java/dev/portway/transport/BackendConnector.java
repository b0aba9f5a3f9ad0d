package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.Executor;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to backends, on the loop whose exchange wants one: it is named by the destination's tag, or under
 * {@link #LOOP} in the context of a connect. Thread-safe.
 */
public final class BackendConnector extends ClientConnector {

    /** Where a context names its {@link EventLoop}. */
    public static final String LOOP = EventLoop.class.getName();

    /** Where it leaves the {@link SelectableChannel} of a connection that is being made, for whoever gives up waiting. */
    public static final String CHANNEL = SelectableChannel.class.getName();

    private final EventLoops loops;

    public BackendConnector(EventLoops loops) {
        this.loops = requireNonNull(loops, "loops");
        setConnectTimeout(EventLoops.CONNECT);
        setSslContextFactory(new BackendTls(null));
    }

    @Override
    protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector loop, SelectionKey key) {
        LoopMember member = (LoopMember) getSelectorManager();
        return new BackendEndPoint(member, (SocketChannel) channel, loop, key, getScheduler());
    }

    @Override
    protected SelectorManager newSelectorManager() {
        return new Connections(getExecutor(), getScheduler());
    }

    static EventLoop loop(Map<?, ?> context) {
        if (context.get(LOOP) instanceof EventLoop loop) {
            return loop;
        }
        if (context.get(Destination.CONTEXT_KEY) instanceof Destination destination
                && destination.getOrigin().getTag() instanceof LoopTag tag) {
            return tag.loop();
        }
        throw new IllegalArgumentException("context: " + context.keySet() + " (expected: one that names a loop)");
    }

    /** Gives what is to be connected to the loops. Has no selectors of its own. */
    private final class Connections extends ClientSelectorManager implements LoopMember {

        Connections(Executor executor, Scheduler scheduler) {
            super(executor, scheduler, 1);
        }

        @Override
        protected void doStart() {
            // The loops are started by the server.
        }

        @Override
        protected void doStop() {
            // Nor stopped by one of their clients.
        }

        @Override
        @SuppressWarnings("unchecked") // Jetty's contexts are maps of names
        public void connect(SelectableChannel channel, Object context) {
            ((Map<String, Object>) context).put(CHANNEL, channel);
            loops.connect(channel, this, context, loop((Map<?, ?>) context));
        }

        @Override
        public void accept(SelectableChannel channel, Object context) {
            loops.accept(channel, this, context, loop((Map<?, ?>) context));
        }

        @Override
        public EndPoint newEndPoint(SelectableChannel channel, ManagedSelector loop, SelectionKey key) {
            return super.newEndPoint(channel, loop, key);
        }

        @Override
        public void connectionOpened(Connection connection, @Nullable Object context) {
            super.connectionOpened(connection, context);
        }

        @Override
        public void connectionFailed(SelectableChannel channel, Throwable failure, @Nullable Object context) {
            super.connectionFailed(channel, failure, context);
        }

        @Override
        public void onAcceptFailed(SelectableChannel channel, Throwable failure, @Nullable Object context) {
            super.onAcceptFailed(channel, failure, context);
        }

        @Override
        public void endPointOpened(EndPoint endPoint) {
            super.endPointOpened(endPoint);
        }

        @Override
        public void endPointClosed(EndPoint endPoint) {
            super.endPointClosed(endPoint);
        }
    }
}
