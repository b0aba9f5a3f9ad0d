package dev.portway.policy.filter;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.RefusedException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A response whose body may have so many bytes: one that goes on beyond them is broken off, so that nobody takes it for a whole
 * one. Answers of the proxy's own may have any number. Confined.
 */
final class BoundedResponse extends Response.Wrapper {

    private final ProxyExchange exchange;
    private final Failure excess;
    private long left;

    BoundedResponse(ProxyExchange exchange, Response response, long bytes, Failure excess) {
        super(exchange, response);
        this.exchange = requireNonNull(exchange, "exchange");
        this.left = bytes;
        this.excess = requireNonNull(excess, "excess");
    }

    @Override
    public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
        left -= BufferUtil.length(content);
        if (left >= 0 || exchange.error() != null) {
            super.write(last, content, callback);
            return;
        }
        exchange.failed(excess.error(), excess.cause());
        callback.failed(new RefusedException(excess));
    }
}
