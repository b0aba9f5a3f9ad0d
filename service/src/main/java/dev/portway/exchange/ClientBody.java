package dev.portway.exchange;

import java.util.function.Supplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * How the body of a client's request is read: by one at a time, from its beginning again where it was kept, and no more of
 * it than a rule lets through. Passes on that content has come to whoever demanded it last. Thread-safe.
 */
final class ClientBody implements Invocable.Task {

    private @Nullable Runnable next; // guarded by this
    private boolean demanded; // guarded by this
    private @Nullable KeptBody kept; // guarded by this
    private Content.@Nullable Chunk again; // guarded by this; to be read before the next of the client's
    private long allowed = Long.MAX_VALUE; // guarded by this
    private @Nullable Failure excess; // guarded by this; null where any number of bytes may come

    /** Breaks the exchange off by {@code failure} when more than {@code bytes} come. */
    synchronized void limit(long bytes, Failure failure) {
        allowed = bytes;
        excess = failure;
    }

    synchronized void keep(int most) {
        kept = new KeptBody(most);
    }

    synchronized void forget() {
        kept = null;
    }

    /** Goes back to the beginning; false where nothing was kept, or more was read than is kept. */
    synchronized boolean readAgain() {
        if (kept == null || kept.overflown()) {
            return false;
        }
        if (again == null) { // else nothing has been read since the last time
            again = kept.chunk();
        }
        kept = null;
        return true;
    }

    synchronized boolean canReadAgain() {
        return kept != null && !kept.overflown();
    }

    synchronized Content.@Nullable Chunk read(Supplier<Content.@Nullable Chunk> client) {
        Content.Chunk chunk = again;
        again = null;
        if (chunk == null) {
            chunk = counted(client.get());
        }
        if (kept != null && chunk != null) {
            kept.add(chunk);
        }
        return chunk;
    }

    private Content.@Nullable Chunk counted(Content.@Nullable Chunk chunk) {
        if (excess == null || chunk == null) {
            return chunk;
        }
        allowed -= chunk.remaining();
        if (allowed >= 0) {
            return chunk;
        }
        RefusedException refused = new RefusedException(excess);
        excess = null; // what follows is read by whoever drops it
        chunk.release();
        return Content.Chunk.from(refused, true);
    }

    /** Has {@code callback} run when content has come; false where the client has been asked for some already. */
    synchronized boolean demand(Runnable callback) {
        next = callback;
        boolean first = !demanded;
        demanded = true;
        return first;
    }

    @Override
    public void run() {
        Runnable callback;
        synchronized (this) {
            demanded = false;
            callback = next;
            next = null;
        }
        if (callback != null) {
            callback.run();
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
