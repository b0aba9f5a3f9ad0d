package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Carries the body of a response from backend to client: every chunk as it comes, the next one read when the last is
 * written, the head sent before the first wait. After so many bytes it lets the other connections of its loop have their
 * turn: a fast backend is always ready with more. Confined to one exchange.
 */
final class ResponsePump extends IteratingCallback {

    /** Some hundred microseconds' worth of copying. */
    static final int BYTES_PER_TURN = 256 * 1024;

    /** What a piece costs however small it is, in bytes of a large one: each is written by itself. */
    static final int BYTES_PER_PIECE = 1024;

    private final Attempt attempt;
    private final Content.Source serverToProxy;
    private final Response proxyToClient;
    private final Runnable onAvailable = Invocable.from(InvocationType.NON_BLOCKING, this::iterate);
    private Content.@Nullable Chunk writing;
    private boolean headSent;
    private boolean last;
    private int bytesInTurn;

    ResponsePump(Attempt attempt, Content.Source serverToProxy, Response proxyToClient) {
        this.attempt = requireNonNull(attempt, "attempt");
        this.serverToProxy = requireNonNull(serverToProxy, "serverToProxy");
        this.proxyToClient = requireNonNull(proxyToClient, "proxyToClient");
    }

    @Override
    protected Action process() {
        while (true) {
            if (last) {
                attempt.passed();
                return Action.SUCCEEDED;
            }
            if (bytesInTurn >= BYTES_PER_TURN) {
                bytesInTurn = 0;
                attempt.loop().later(onAvailable);
                return Action.IDLE;
            }
            Content.Chunk chunk = serverToProxy.read();
            if (chunk == null) {
                bytesInTurn = 0;
                if (headSent) {
                    serverToProxy.demand(onAvailable);
                    return Action.IDLE;
                }
                headSent = true;
                proxyToClient.write(false, BufferUtil.EMPTY_BUFFER, this);
                return Action.SCHEDULED;
            }
            if (Content.Chunk.isFailure(chunk)) {
                // The failure itself is told to the attempt, which ends the exchange.
                return Action.SUCCEEDED;
            }
            if (chunk.isLast() && attempt.over()) {
                attempt.succeed(chunk);
                return Action.SUCCEEDED;
            }
            last = chunk.isLast();
            if (chunk.hasRemaining()) {
                headSent = true;
                writing = chunk;
                bytesInTurn += Math.max(BYTES_PER_PIECE, chunk.remaining());
                attempt.clock().moved();
                attempt.clock().waitingForClient(true);
                proxyToClient.write(false, chunk.getByteBuffer(), this);
                return Action.SCHEDULED;
            }
            chunk.release();
        }
    }

    @Override
    protected void onSuccess() {
        attempt.clock().waitingForClient(false);
        attempt.clock().moved();
        released();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        released();
        attempt.unwritten(cause);
    }

    private void released() {
        if (writing != null) {
            writing.release();
            writing = null;
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
