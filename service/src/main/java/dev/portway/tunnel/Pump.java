package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import java.util.function.LongConsumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a tunnel: a chunk is read when the one before is written, so no more than one is ever held, and a
 * reader that stops makes the writer at the other end stop. After {@value #TURN_BYTES} bytes without a pause the event
 * loop is given back. Thread-safe.
 */
final class Pump extends IteratingCallback {

    private static final int TURN_BYTES = 256 * 1024;

    /** What is told of a pump; one of the last two, once. */
    interface Listener {

        /** The input has ended and the output was told. */
        void ended();

        /** Reading failed. */
        void sourceFailed(Throwable cause);

        /** Writing failed. */
        void sinkFailed(Throwable cause);
    }

    private final Content.Source from;
    private final Content.Sink to;
    private final LongConsumer moved;
    private final Listener listener;
    private final Runnable onAvailable = Invocable.from(InvocationType.NON_BLOCKING, this::iterate);
    private Content.@Nullable Chunk writing;
    private int writingBytes;
    private int turn;
    private boolean last;
    private @Nullable Throwable readFailure;

    /**
     * A pump that rests until it is told to {@link #iterate}.
     *
     * @param moved told how many bytes were written
     */
    Pump(Content.Source from, Content.Sink to, LongConsumer moved, Listener listener) {
        this.from = requireNonNull(from, "from");
        this.to = requireNonNull(to, "to");
        this.moved = requireNonNull(moved, "moved");
        this.listener = requireNonNull(listener, "listener");
    }

    @Override
    protected Action process() {
        if (last) {
            return Action.SUCCEEDED;
        }
        Content.Chunk chunk = turn < TURN_BYTES ? from.read() : null;
        if (chunk == null) {
            turn = 0;
            from.demand(onAvailable);
            return Action.IDLE;
        }
        if (Content.Chunk.isFailure(chunk)) {
            readFailure = chunk.getFailure();
            return Action.SUCCEEDED;
        }
        last = chunk.isLast();
        writingBytes = chunk.remaining();
        turn += writingBytes;
        writing = chunk;
        to.write(last, chunk.hasRemaining() ? chunk.getByteBuffer() : BufferUtil.EMPTY_BUFFER, this);
        return Action.SCHEDULED;
    }

    @Override
    protected void onSuccess() {
        moved.accept(writingBytes);
        release();
    }

    @Override
    protected void onCompleteSuccess() {
        if (readFailure == null) {
            listener.ended();
        } else {
            listener.sourceFailed(readFailure);
        }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
        listener.sinkFailed(cause);
    }

    private void release() {
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
