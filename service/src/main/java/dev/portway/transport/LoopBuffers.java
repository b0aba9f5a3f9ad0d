package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Retainable;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's pool of buffers, of which each event loop keeps some at hand: those it takes without asking other threads. Thread-safe.
 */
public final class LoopBuffers extends ArrayByteBufferPool {

    /** All capacities are multiples of it, as in Jetty's pool. */
    private static final int STEP = 4096;

    private static final int MAX_BYTES = 64 * 1024;

    private final List<AtHand> atHand = new CopyOnWriteArrayList<>();

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
        EventLoop loop = direct && size > 0 && size <= MAX_BYTES ? EventLoop.current() : null;
        return loop == null ? super.acquire(size, direct) : loop.buffersAtHand().acquire(this, size);
    }

    /** How many buffers are in use: acquired, and not released yet. */
    public long inUse() {
        return getDirectByteBufferCount()
                - getAvailableDirectByteBufferCount()
                + getHeapByteBufferCount()
                - getAvailableHeapByteBufferCount()
                - atHand.stream().mapToLong(each -> each.count.getAcquire()).sum();
    }

    private RetainableByteBuffer.Mutable acquireShared(int size) {
        return super.acquire(size, true);
    }

    /** Those that one loop keeps, all of the same pool. Confined to its thread, but for the count. */
    static final class AtHand {

        /** In all: what a loop needs at once under load, and little beside what a connection takes of the system. */
        private static final int MAX_KEPT_BYTES = 1024 * 1024;

        private final EventLoop loop;
        private final @Nullable Kept[] first = new @Nullable Kept[MAX_BYTES / STEP];
        private final AtomicInteger count = new AtomicInteger(); // written by the loop only
        private @Nullable LoopBuffers pool; // of the first that it was asked for
        private int bytes;

        AtHand(EventLoop loop) {
            this.loop = requireNonNull(loop, "loop");
        }

        private RetainableByteBuffer.Mutable acquire(LoopBuffers from, int size) {
            if (pool == null) {
                pool = from;
                from.atHand.add(this);
            }
            if (pool != from) {
                return from.acquireShared(size);
            }
            int step = (size - 1) / STEP;
            Kept kept = first[step];
            if (kept == null) {
                return new Kept(loop, from.acquireShared((step + 1) * STEP));
            }
            first[step] = kept.next;
            kept.next = null;
            bytes -= kept.capacity();
            count.setRelease(count.getPlain() - 1);
            kept.references.acquire();
            return kept;
        }

        /** Whether it keeps {@code released}. */
        private boolean keeps(Kept released) {
            if (bytes + released.capacity() > MAX_KEPT_BYTES) {
                return false;
            }
            int step = (released.capacity() - 1) / STEP;
            released.clear();
            released.next = first[step];
            first[step] = released;
            bytes += released.capacity();
            count.setRelease(count.getPlain() + 1);
            return true;
        }
    }

    /** One that its loop keeps when nobody has it any more. */
    private static final class Kept extends RetainableByteBuffer.FixedCapacity {
        private final EventLoop loop;
        private final RetainableByteBuffer shared;
        private final References references;
        private @Nullable Kept next;

        Kept(EventLoop loop, RetainableByteBuffer shared) {
            this(loop, shared, shared.getByteBuffer(), new References());
        }

        private Kept(EventLoop loop, RetainableByteBuffer shared, ByteBuffer memory, References references) {
            super(memory, references);
            this.loop = loop;
            this.shared = shared;
            this.references = references;
            references.of = this;
        }

        void released() {
            if (!loop.inside() || !loop.buffersAtHand().keeps(this)) {
                shared.release();
            }
        }
    }

    private static final class References extends Retainable.ReferenceCounter {
        private @Nullable Kept of;

        @Override
        public boolean release() {
            boolean last = super.release();
            if (last) {
                requireNonNull(of).released();
            }
            return last;
        }
    }
}
