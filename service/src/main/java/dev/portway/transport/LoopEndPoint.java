package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.FillInterest;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A socket that an {@link EventLoop} owns. What is ready at it runs as one turn of the loop. Thread-safe. */
abstract class LoopEndPoint extends SocketChannelEndPoint {

    private final EventLoop loop;
    private final LoopMember member;
    private final Turn turn = new Turn();
    private @Nullable Runnable selected; // confined to the loop's thread

    LoopEndPoint(
            LoopMember member, SocketChannel channel, ManagedSelector loop, SelectionKey key, Scheduler scheduler) {
        super(channel, loop, key, scheduler);
        this.member = requireNonNull(member, "member");
        this.loop = (EventLoop) loop;
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

    /** As Jetty's; but a reader that says it may block is left to Jetty, which gives it to another thread. */
    @Override
    public @Nullable Runnable onSelected() {
        Runnable task = super.onSelected();
        if (task == null || blocks()) {
            return task;
        }
        selected = task;
        return turn;
    }

    /** To Jetty a reader that is not there blocks, too. */
    private boolean blocks() {
        FillInterest reader = getFillInterest();
        return reader.isInterested() && reader.getCallbackInvocationType() == Invocable.InvocationType.BLOCKING;
    }

    private final class Turn implements Invocable.Task {
        @Override
        public void run() {
            loop.turn(requireNonNull(selected));
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
