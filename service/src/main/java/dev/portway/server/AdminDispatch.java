package dev.portway.server;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Moves admin requests to the admin side's own threads. The server as a whole is told that handlers never block, which
 * servlets do; and only a request whose body is in whole gets a thread, so that half-sent ones, however many, keep
 * nobody waiting. Thread-safe.
 */
final class AdminDispatch extends Handler.Wrapper {

    private static final long MAX_BODY_BYTES = 4L * 1024 * 1024;
    private static final int NO_FRAMING = 0;

    private final @Nullable Executor threads; // null for those of the request's listener

    private AdminDispatch(Handler next, @Nullable Executor threads) {
        super(next);
        this.threads = threads;
    }

    /** {@code next} behind both: the body is read first, then the thread changes. */
    static Handler before(Handler next) {
        return before(next, null);
    }

    /** The same on other threads than those of the request's listener; null for these. */
    static Handler before(Handler next, @Nullable Executor threads) {
        return new EagerContentHandler(
                new AdminDispatch(next, threads),
                new EagerContentHandler.RetainedContentLoaderFactory(MAX_BODY_BYTES, NO_FRAMING, true));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            Executor executor = threads == null
                    ? request.getConnectionMetaData().getConnector().getExecutor()
                    : threads;
            executor.execute(() -> dispatched(request, response, callback));
        } catch (RejectedExecutionException e) {
            Response.writeError(request, response, callback, 503);
        }
        return true;
    }

    private void dispatched(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Throwable thrown) {
            // Where Jetty would have caught it, had the thread not changed.
            Response.writeError(request, response, callback, thrown);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
