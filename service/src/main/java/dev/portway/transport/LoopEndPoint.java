package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritePendingException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.FillInterest;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A socket that an {@link EventLoop} owns. What is ready at it runs as one turn of the loop. Thread-safe. */
abstract class LoopEndPoint extends SocketChannelEndPoint {

    private static final int MAX_PUT_OFF_BYTES = 4096;

    private final EventLoop loop;
    private final LoopMember member;
    private final Turn turn = new Turn();
    private final PutOff putOff = new PutOff();
    private final ManagedSelector.SelectorUpdate update = selector -> updateKey();
    private boolean endsAnAnswer; // what is written; confined to the loop's thread
    private SelectionKey key; // as all below, confined to the loop's thread
    private int ready; // operations of the key, as found last
    private int wanted; // those that are waited for
    private int registered; // those that the system was told to wait for
    private boolean updatePending; // whether updateKey() will be called before the loop waits

    LoopEndPoint(
            LoopMember member, SocketChannel channel, ManagedSelector loop, SelectionKey key, Scheduler scheduler) {
        super(channel, loop, key, scheduler);
        this.member = requireNonNull(member, "member");
        this.loop = (EventLoop) loop;
        this.key = key;
    }

    final EventLoop loop() {
        return loop;
    }

    final LoopMember member() {
        return member;
    }

    /** As Jetty's {@code fill}, but a connection that breaks is told from one that ends. */
    final int fillOrBreak(ByteBuffer buffer) throws IOException {
        if (isInputShutdown()) {
            return -1;
        }
        int position = BufferUtil.flipToFill(buffer);
        try {
            int filled = getChannel().read(buffer);
            if (filled > 0) {
                notIdle();
            } else if (filled < 0) {
                shutdownInput();
            }
            return filled;
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
    }

    /** Whether what is written until this is called again ends an answer, and need not go out before {@link #writeLater} has it. */
    final void endsAnAnswer(boolean ends) {
        endsAnAnswer = ends;
    }

    /** As Jetty's, but without its account of what is being written, which only matters where the system does not take all. */
    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        if (isWritePutOff()) {
            throw new WritePendingException();
        } else if (!loop.inside()
                || getWriteFlusher().isPending()
                || getWriteFlusher().isFailed()) {
            super.write(callback, buffers);
        } else if (endsAnAnswer) {
            writeLater(callback, buffers);
        } else {
            writeNow(callback, buffers);
        }
    }

    /**
     * Writes what is little when the loop has taken up all else that is ready: who reads it, if that is on this machine, is woken
     * once for many. For what nothing follows before {@code callback} is told. To be called by the loop's thread.
     */
    final void writeLater(Callback callback, ByteBuffer... buffers) {
        if (putOff.holds(callback, buffers)) {
            loop.beforeItWaits(putOff);
        } else {
            writeNow(callback, buffers);
        }
    }

    /** Whether a write waits for the end of the round; asked by any thread. */
    final boolean isWritePutOff() {
        return putOff.callback.get() != null;
    }

    private void writeNow(Callback callback, ByteBuffer... buffers) {
        try {
            if (!flush(buffers)) {
                super.write(callback, buffers);
                return;
            }
        } catch (Throwable failure) {
            callback.failed(failure);
            return;
        }
        callback.succeeded();
    }

    @Override
    public @Nullable Callback cancelWrite(Throwable cause) {
        Callback cancelled = putOff.cancel();
        return cancelled == null ? super.cancelWrite(cause) : cancelled;
    }

    /** As Jetty's; but what is one buffer, or little enough to be copied into one, is not written as a list. */
    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        ByteBuffer whole = loop.inside() ? loop.smallWrites().join(buffers) : null;
        if (whole == null) {
            return super.flush(buffers);
        }
        int written;
        try {
            written = getChannel().write(whole);
        } catch (IOException e) {
            throw new EofException(e);
        }
        if (written > 0) {
            notIdle();
            if (buffers.length > 1) {
                SmallWrites.take(written, buffers);
            }
        }
        return !whole.hasRemaining();
    }

    @Override
    public void doClose() {
        try {
            flushPutOff();
        } finally {
            super.doClose();
        }
    }

    @Override
    protected void doShutdownOutput() {
        flushPutOff();
        super.doShutdownOutput();
    }

    private void flushPutOff() {
        if (loop.inside()) {
            putOff.flushNow();
        }
    }

    // What is waited for. As Jetty has it, but on the loop alone, and so without a lock.

    @Override
    protected void needsFillInterest() {
        await(SelectionKey.OP_READ);
    }

    @Override
    protected void onIncompleteFlush() {
        await(SelectionKey.OP_WRITE);
    }

    private void await(int operation) {
        if (!loop.inside()) {
            loop.submit(selector -> {
                wanted |= operation;
                updateKey();
            });
            return;
        }
        wanted |= operation;
        if (wanted != registered && !updatePending) {
            updatePending = true;
            loop.submit(update);
        }
    }

    /** Called by the loop before it waits, for all that were ready in this round and all that asked for it. */
    @Override
    public void updateKey() {
        updatePending = false;
        if (wanted == registered) {
            return;
        }
        registered = wanted;
        try {
            key.interestOps(wanted);
        } catch (CancelledKeyException closed) {
            close();
        }
    }

    @Override
    public void replaceKey(SelectionKey replacement) {
        super.replaceKey(replacement);
        key = replacement;
    }

    /** As Jetty's; but a reader that says it may block is left to Jetty, which gives it to another thread. */
    @Override
    public @Nullable Runnable onSelected() {
        ready = key.readyOps();
        wanted &= ~ready;
        updatePending = true;
        return blocks() ? super.onSelected() : turn;
    }

    /** To Jetty a reader that is not there blocks, too. */
    private boolean blocks() {
        FillInterest reader = getFillInterest();
        return reader.isInterested() && reader.getCallbackInvocationType() == Invocable.InvocationType.BLOCKING;
    }

    private void takeUpReady() {
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            getWriteFlusher().completeWrite();
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
            getFillInterest().fillable();
        }
    }

    /** A write that waits for the end of the loop's round. Confined to the loop's thread, but for {@link #cancel}. */
    private final class PutOff implements Runnable {
        private final AtomicReference<@Nullable Callback> callback =
                new AtomicReference<>(); // whoever takes it out tells it
        private ByteBuffer @Nullable [] buffers;
        private boolean flushed;

        /** Whether it has taken the write. */
        boolean holds(Callback told, ByteBuffer... written) {
            if (BufferUtil.remaining(written) > MAX_PUT_OFF_BYTES || !callback.compareAndSet(null, told)) {
                return false;
            }
            buffers = written;
            return true;
        }

        /** Takes it back; by any thread. */
        @Nullable
        Callback cancel() {
            return callback.getAndSet(null);
        }

        /** Writes it now, since nothing can be written later; who waits for it is told at the end of the round. */
        void flushNow() {
            if (buffers == null || flushed || callback.get() == null) {
                return;
            }
            try {
                flushed = flush(buffers);
            } catch (Throwable failure) {
                flushed = false; // as will be found out at the end of the round
            }
        }

        @Override
        public void run() {
            Callback told = callback.getAndSet(null);
            ByteBuffer[] written = buffers;
            boolean done = flushed;
            buffers = null;
            flushed = false;
            if (told == null || written == null) {
                return; // cancelled
            }
            if (done) {
                told.succeeded();
            } else {
                writeNow(told, written);
            }
        }
    }

    private final class Turn implements Invocable.Task {
        private final Runnable taken = LoopEndPoint.this::takeUpReady;

        @Override
        public void run() {
            loop.takeUp(taken);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
