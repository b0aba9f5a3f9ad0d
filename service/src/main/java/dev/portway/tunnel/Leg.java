package dev.portway.tunnel;

import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * One end of a tunnel: bytes come out of it and go into it. Writing {@code last} ends the one half of it and leaves the
 * other.
 */
interface Leg extends Content.Source, Content.Sink {

    /** What is told of a leg. */
    interface Watcher {

        /** Before there is a tunnel: what is lost by then shows when it begins. */
        Watcher NOBODY = new Watcher() {
            @Override
            public void opened() {}

            @Override
            public void lost(Throwable cause) {}
        };

        /** Bytes may flow. */
        void opened();

        /** It is gone although one of its halves at least had not ended. */
        void lost(Throwable cause);
    }

    /** Says who is told; once, before it opens. */
    void watcher(Watcher watcher);

    /** Limits how long nothing may move; 0 for no limit. */
    void idleTimeout(long millis);

    /** Closes it, whatever is under way; {@code cause} is null where both halves had ended. */
    void close(@Nullable Throwable cause);
}
