package dev.portway.transport;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;

/**
 * Whose connections an {@link EventLoops} carries: a listener's, or a client's. Jetty gives each of them selectors of
 * its own; here each keeps only what it makes of a channel. The methods are those of Jetty's {@code SelectorManager},
 * called on the channel's loop.
 */
interface LoopMember {

    EndPoint newEndPoint(SelectableChannel channel, ManagedSelector loop, SelectionKey key) throws IOException;

    Connection newConnection(SelectableChannel channel, EndPoint endPoint, @Nullable Object attachment)
            throws IOException;

    void connectionOpened(Connection connection, @Nullable Object attachment);

    void connectionFailed(SelectableChannel channel, Throwable failure, @Nullable Object attachment);

    void onAcceptFailed(SelectableChannel channel, Throwable failure, @Nullable Object attachment);

    void endPointOpened(EndPoint endPoint);

    void endPointClosed(EndPoint endPoint);
}
