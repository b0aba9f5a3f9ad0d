package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.RefusedException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Carries the body of a response from backend to client: every chunk as it comes, the next one read when the last is
 * written, the head sent before the first wait; and ends it, when the call that it came by has ended as well. After so many bytes it lets the other connections of its loop have their
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
    private boolean passed; // all that came
    private boolean over; // the call
    private @Nullable RefusedException keptBack; // null where the whole body is let out
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
                passed = true;
                endIfAll();
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
                attempt.clock().waitingForClient(true);
                proxyToClient.write(false, BufferUtil.EMPTY_BUFFER, this);
                return Action.SCHEDULED;
            }
            if (Content.Chunk.isFailure(chunk)) {
                // The failure itself is told to the attempt, which ends the exchange.
                return Action.SUCCEEDED;
            }
            if (chunk.isLast() && (over || attempt.ended())) {
                attempt.succeed(chunk); // which lets go of what nobody wants any more
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
        if (!(cause instanceof RefusedException refused)) {
            attempt.clientGone(cause);
            return;
        }
        keptBack = refused;
        if (over) {
            attempt.fail(refused);
        } else {
            attempt.abort(refused);
        }
    }

    /** The rule's word that does not let the rest of the body out; null for none. */
    @Nullable
    RefusedException keptBack() {
        return keptBack;
    }

    /** The call has ended, and well: what comes last can be written as such. */
    void callEnded() {
        over = true;
        endIfAll();
    }

    private void endIfAll() {
        if (passed && over) {
            attempt.succeed(Content.Chunk.EOF);
        }
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
