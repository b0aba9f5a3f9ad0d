package dev.portway.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.client.transport.SendFailure;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a backend. Where more came than the response, it takes no other request: Jetty's own would throw away
 * what it has read of the surplus, and take the rest of it for the next response. Nor does it where the backend has
 * closed it and the loop has not come round to notice: a request that could not be sent twice goes by another
 * connection. Confined.
 */
final class BackendConnection extends HttpConnectionOverHTTP {

    private long usableMillis = -1; // as the backend announced

    BackendConnection(EndPoint endPoint, Map<String, Object> context) {
        super(endPoint, context);
    }

    @Override
    public @Nullable SendFailure send(HttpExchange exchange) {
        if (getMessagesIn() > 0 && !sentAgainWhenLost(exchange.getRequest()) && stale()) {
            close();
            return new SendFailure(new EOFException("the backend closed the idle connection"), true);
        }
        return super.send(exchange);
    }

    /** How long a connection may be idle is a matter of the pool; an exchange has limits of its own. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return getHttpChannel().getHttpExchange() == null && super.onIdleExpired(timeout);
    }

    private static boolean sentAgainWhenLost(HttpRequest request) {
        return request instanceof JettyRequest known && known.repeatable();
    }

    /** Whether there is anything to read although nothing was asked: an end, a failure, or what belongs to no request. */
    private boolean stale() {
        try {
            return getEndPoint().fill(BufferUtil.allocate(1)) != 0;
        } catch (IOException broken) {
            return true;
        }
    }

    /** The backend may have said how long it keeps the connection: before that it is not to be used any more. */
    @Override
    public void release() {
        super.release(); // which sets the pool's limit again
        EndPoint endPoint = getEndPoint();
        if (usableMillis >= 0 && (endPoint.getIdleTimeout() <= 0 || usableMillis < endPoint.getIdleTimeout())) {
            endPoint.setIdleTimeout(Math.max(1, usableMillis));
        }
    }

    @Override
    protected HttpChannelOverHTTP newHttpChannel() {
        return new Channel(this);
    }

    private static final class Channel extends HttpChannelOverHTTP {
        private final BackendConnection connection;
        private boolean surplus;

        Channel(BackendConnection connection) {
            super(connection);
            this.connection = connection;
        }

        @Override
        protected HttpReceiverOverHTTP newHttpReceiver() {
            return new HttpReceiverOverHTTP(this) {
                @Override
                public void parsedHeader(HttpField field) {
                    if (field.getHeader() == HttpHeader.KEEP_ALIVE) {
                        connection.usableMillis = KeepAliveField.usableMillis(field.getValue());
                    }
                    super.parsedHeader(field);
                }

                @Override
                public boolean messageComplete() {
                    HttpExchange exchange = getHttpExchange();
                    ByteBuffer rest = getResponseBuffer();
                    if (exchange != null
                            && !HttpStatus.isInterim(exchange.getResponse().getStatus())
                            && rest != null
                            && rest.hasRemaining()) {
                        surplus = true;
                    }
                    return super.messageComplete();
                }

                /** Jetty's forgets the buffer that it has read into where the client's leaving ends a response. */
                @Override
                protected void dispose() {
                    super.dispose();
                    EventLoop loop = EventLoop.of(getHttpConnection().getEndPoint());
                    if (loop.isRunning()) {
                        loop.later(this::onUpgradeFrom); // when nothing in the stack reads from it; gives it back
                    }
                }
            };
        }

        @Override
        public void release() {
            if (surplus) {
                getHttpConnection().close();
            } else {
                super.release();
            }
        }
    }
}
