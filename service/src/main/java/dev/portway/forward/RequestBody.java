package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ProxyExchange;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * The client's request body on its way to the backend, chunk by chunk, no faster than the backend takes it, and no more
 * in one turn of the loop than is fair to its other connections. Confined.
 */
final class RequestBody implements Content.Source {

    private final ProxyExchange exchange;
    private final Attempt attempt;
    private final UploadBudget budget;
    private int bytesInTurn;
    private @Nullable Throwable failure; // null while it can be read

    RequestBody(ProxyExchange exchange, Attempt attempt, UploadBudget budget) {
        this.exchange = requireNonNull(exchange, "exchange");
        this.attempt = requireNonNull(attempt, "attempt");
        this.budget = requireNonNull(budget, "budget");
    }

    @Override
    public long getLength() {
        return exchange.getLength();
    }

    @Override
    public Content.@Nullable Chunk read() {
        if (attempt.ended()) {
            // What is left is read by whoever ended it.
            return Content.Chunk.from(new ClientGoneException(null), true);
        }
        if (bytesInTurn >= ResponsePump.BYTES_PER_TURN) {
            return null;
        }
        Content.Chunk chunk = exchange.read();
        if (chunk == null) {
            bytesInTurn = 0;
            attempt.clock().waitingForUpload(budget.waiting(NanoTime.now()));
        } else if (Content.Chunk.isFailure(chunk)) {
            failure = chunk.getFailure();
        } else {
            bytesInTurn += Math.max(ResponsePump.BYTES_PER_PIECE, chunk.remaining());
            budget.arrived(NanoTime.now(), chunk.remaining());
            attempt.clock().waitingForClient(false);
            if (chunk.isLast()) {
                attempt.bodyRead();
            }
        }
        return chunk;
    }

    /** Why no more of it could be read: the client's fault, or a rule's word; null for neither. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public void demand(Runnable callback) {
        if (bytesInTurn >= ResponsePump.BYTES_PER_TURN) {
            bytesInTurn = 0;
            attempt.loop().later(callback);
        } else {
            exchange.demand(callback);
        }
    }

    /** Leaves the client's body readable: an attempt that failed is no fault of the client's. */
    @Override
    public void fail(Throwable failure) {
        attempt.clock().waitingForClient(false);
    }
}
