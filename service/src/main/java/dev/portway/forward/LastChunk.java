package dev.portway.forward;

import dev.portway.exchange.Drain;
import dev.portway.exchange.ProxyExchange;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/** The last of a response's body while it is written; released when it is, or cannot be. */
final class LastChunk extends Callback.Nested {

    private final Content.Chunk chunk;

    private LastChunk(Content.Chunk chunk, Callback done) {
        super(done);
        this.chunk = chunk;
    }

    /**
     * Ends the response with {@code chunk}.
     *
     * @param callback of the exchange, completed when the client has the response and its request has been read
     */
    static void write(Content.Chunk chunk, ProxyExchange exchange, Response response, Callback callback) {
        Callback done = new Drain(exchange, callback);
        if (ResponseHead.endsApart(exchange, response)) {
            chunk.release();
            Runnable end = () -> response.write(true, BufferUtil.EMPTY_BUFFER, done);
            response.write(
                    false, BufferUtil.EMPTY_BUFFER, Callback.from(InvocationType.NON_BLOCKING, end, done::failed));
        } else {
            response.write(true, chunk.getByteBuffer(), new LastChunk(chunk, done));
        }
    }

    @Override
    public void succeeded() {
        chunk.release();
        super.succeeded();
    }

    @Override
    public void failed(Throwable failure) {
        chunk.release();
        super.failed(failure);
    }
}
