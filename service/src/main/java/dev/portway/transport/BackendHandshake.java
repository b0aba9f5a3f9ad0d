package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Promise;

/**
 * A connection to a backend on which TLS is agreed. Each step is taken by a worker, since looking through a chain of
 * certificates takes as long as many requests; then the connection goes back to its loop, and to the one that finds the
 * protocol agreed. Confined.
 */
final class BackendHandshake extends AbstractConnection.NonBlocking {

    private final Connection agreed;
    private final Map<String, Object> context;
    private final SSLEngine engine;
    private final EventLoop loop;
    private final Executor workers;
    private boolean greeted;

    private BackendHandshake(EndPoint endPoint, Connection agreed, Map<String, Object> context, Executor workers) {
        super(endPoint, workers);
        this.agreed = requireNonNull(agreed, "agreed");
        this.context = requireNonNull(context, "context");
        this.engine = (SSLEngine) requireNonNull(context.get(SSLEngine.class.getName()), "engine");
        this.loop = EventLoop.of(endPoint);
        this.workers = requireNonNull(workers, "workers");
    }

    /** Puts the handshake before what {@code next} makes of a connection that is open to both sides. */
    static ClientConnectionFactory before(ClientConnectionFactory next, Executor workers) {
        return (endPoint, context) ->
                new BackendHandshake(endPoint, next.newConnection(endPoint, context), context, workers);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        onFillable();
    }

    @Override
    public void onFillable() {
        try {
            workers.execute(this::step);
        } catch (RejectedExecutionException stopping) {
            fail(stopping);
        }
    }

    private void step() {
        try {
            if (!greeted) {
                greeted = true;
                getEndPoint().flush(BufferUtil.EMPTY_BUFFER);
            }
            int filled = getEndPoint().fill(BufferUtil.EMPTY_BUFFER);
            if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                loop.execute(() -> getEndPoint().upgrade(agreed));
            } else if (filled < 0) {
                throw new SSLHandshakeException("it closed the connection");
            } else {
                fillInterested();
            }
        } catch (IOException | RuntimeException failure) {
            fail(failure);
        }
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        fail(cause);
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        fail(timeout);
        return false;
    }

    @SuppressWarnings("unchecked") // Jetty's contexts are maps of names
    private void fail(Throwable failure) {
        getEndPoint().close(failure);
        Promise<Connection> promise =
                (Promise<Connection>) requireNonNull(context.get(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY));
        if (loop.isRunning()) {
            loop.execute(() -> promise.failed(failure));
        }
    }
}
