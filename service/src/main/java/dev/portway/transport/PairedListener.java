package dev.portway.transport;

import java.io.IOException;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** A listener on one address, which takes the port of the one before it where that was given a free one. */
public class PairedListener extends ServerConnector {

    private final @Nullable ServerConnector before;

    /**
     * A listener, not yet open.
     *
     * @param executor runs its threads; null for the server's own
     * @param selectors threads that watch its connections
     * @param before opened first, whose port this one takes if its own is 0; null for none
     * @param protocols spoken on it, the one that a connection begins with first
     */
    public PairedListener(
            Server server,
            @Nullable Executor executor,
            int selectors,
            @Nullable ServerConnector before,
            ConnectionFactory... protocols) {
        super(server, executor, null, null, 1, selectors, protocols);
        this.before = before;
    }

    @Override
    public void open() throws IOException {
        if (before != null && getPort() == 0) {
            setPort(before.getLocalPort());
        }
        super.open();
    }
}
