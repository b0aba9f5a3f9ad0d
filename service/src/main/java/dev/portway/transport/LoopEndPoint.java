package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
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

    /**
     * As Jetty's; but what is little is written when the loop has taken up what else is ready: who reads it, if it is on this
     * machine, is then woken once for many.
     */
    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        if (loop.inside() && putOff.takes(callback, buffers)) {
            loop.beforeItWaits(putOff);
        } else {
            super.write(callback, buffers);
        }
    }

    /** As Jetty's, whose account of what is being written is only needed where the system does not take all of it at once. */
    private void writeNow(Callback callback, ByteBuffer... buffers) {
        try {
            if (!flush(buffers)) {
                super.write(callback, buffers);
                return;
            }
        } catch (IOException e) {
            callback.failed(e);
            return;
        }
        callback.succeeded();
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
        writePutOff();
        super.doClose();
    }

    @Override
    protected void doShutdownOutput() {
        writePutOff();
        super.doShutdownOutput();
    }

    private void writePutOff() {
        if (loop.inside()) {
            putOff.last();
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

    /** A write that waits for the end of the loop's round. Confined to the loop's thread. */
    private final class PutOff implements Runnable {
        private @Nullable Callback callback;
        private ByteBuffer @Nullable [] buffers;
        private boolean written;

        boolean takes(Callback callback, ByteBuffer... buffers) {
            if (this.callback != null || BufferUtil.remaining(buffers) > MAX_PUT_OFF_BYTES) {
                return false;
            }
            this.callback = callback;
            this.buffers = buffers;
            return true;
        }

        /** Writes it now, since nothing can be written later; who waits for it is told at the end of the round. */
        void last() {
            if (buffers != null) {
                try {
                    written = flush(buffers);
                } catch (IOException e) {
                    written = false; // as who waits for it will find out
                }
            }
        }

        @Override
        public void run() {
            Callback told = requireNonNull(callback);
            ByteBuffer[] all = requireNonNull(buffers);
            boolean done = written;
            callback = null;
            buffers = null;
            written = false;
            if (done) {
                told.succeeded();
            } else {
                writeNow(told, all);
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
