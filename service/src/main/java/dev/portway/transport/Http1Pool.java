package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The connections of one loop to one backend that carry no request. Confined to that loop. */
final class Http1Pool {

    private final Deque<Http1Connection> idle = new ArrayDeque<>();
    private final Runnable emptied;
    private int open;

    /** @param emptied when the last connection is closed and none is being opened */
    Http1Pool(Runnable emptied) {
        this.emptied = requireNonNull(emptied, "emptied");
    }

    /**
     * The one that was used last, which is the most likely to be alive; null where none is idle.
     *
     * @param looking whether one is looked at first, and left if there is anything to read or its backend has closed it
     */
    @Nullable
    Http1Connection take(boolean looking) {
        while (true) {
            Http1Connection connection = idle.pollLast();
            if (connection == null || !unfit(connection, looking)) {
                return connection;
            }
            connection.close();
        }
    }

    private static boolean unfit(Http1Connection connection, boolean looking) {
        return connection.outdated() || ((looking || connection.doubtful()) && connection.stale());
    }

    /** Takes {@code connection} back. */
    void put(Http1Connection connection) {
        idle.addLast(connection);
    }

    /** Another connection is being opened. */
    void opening() {
        open++;
    }

    /** It did not come about. */
    void notOpened() {
        leave();
    }

    void closed(Http1Connection connection) {
        idle.remove(connection);
        leave();
    }

    private void leave() {
        open--;
        if (open == 0) {
            emptied.run();
        }
    }
}
