package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Retainable;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's pool of buffers, of which each event loop keeps some at hand: those it takes without asking other threads. Thread-safe.
 */
public final class LoopBuffers extends ArrayByteBufferPool {

    /** All capacities are multiples of it, as in Jetty's pool. */
    private static final int STEP = 4096;

    private static final int MAX_BYTES = 64 * 1024;

    private final List<AtHand> ofLoops = new CopyOnWriteArrayList<>();

    /** Has what no loop keeps: apart, so that the counts of this pool are of those that threads other than loops use. */
    private final ArrayByteBufferPool beneath = new ArrayByteBufferPool();

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
                + ofLoops.stream().mapToLong(AtHand::inUse).sum();
    }

    /** Those that one loop keeps, all of the same pool. Confined to its thread, but for the counts. */
    static final class AtHand {

        /** In all: what a loop needs at once under load, and little beside what a connection takes of the system. */
        private static final int MAX_KEPT_BYTES = 1024 * 1024;

        private final EventLoop loop;
        private final @Nullable Kept[] first = new @Nullable Kept[MAX_BYTES / STEP];
        private final AtomicLong acquired = new AtomicLong(); // written by the loop only
        private final AtomicLong released = new AtomicLong(); // likewise
        private final LongAdder releasedElsewhere = new LongAdder();
        private @Nullable LoopBuffers pool; // of the first that it was asked for
        private int bytes;

        AtHand(EventLoop loop) {
            this.loop = requireNonNull(loop, "loop");
        }

        long inUse() {
            // In this order: what is released was acquired before.
            long returned = released.getAcquire() + releasedElsewhere.sum();
            return acquired.getAcquire() - returned;
        }

        private RetainableByteBuffer.Mutable acquire(LoopBuffers from, int size) {
            if (pool == null) {
                pool = from;
                from.ofLoops.add(this);
            }
            acquired.setRelease(acquired.getPlain() + 1);
            int step = (size - 1) / STEP;
            Kept kept = first[step];
            if (kept == null || pool != from) {
                return new Kept(loop, from.beneath.acquire((step + 1) * STEP, true));
            }
            first[step] = kept.next;
            kept.next = null;
            bytes -= kept.capacity();
            kept.references.acquire();
            return kept;
        }

        private void release(Kept kept) {
            if (!loop.inside()) {
                releasedElsewhere.increment();
                kept.whole.release();
                return;
            }
            released.setRelease(released.getPlain() + 1);
            if (bytes + kept.capacity() > MAX_KEPT_BYTES) {
                kept.whole.release();
                return;
            }
            int step = (kept.capacity() - 1) / STEP;
            BufferUtil.clear(kept.getByteBuffer());
            kept.next = first[step];
            first[step] = kept;
            bytes += kept.capacity();
        }
    }

    /** One that its loop keeps when nobody has it any more. */
    private static final class Kept extends RetainableByteBuffer.FixedCapacity {
        private final EventLoop loop;
        private final RetainableByteBuffer whole;
        private final References references;
        private @Nullable Kept next;

        Kept(EventLoop loop, RetainableByteBuffer whole) {
            this(loop, whole, new References());
        }

        private Kept(EventLoop loop, RetainableByteBuffer whole, References references) {
            super(whole.getByteBuffer(), references);
            this.loop = loop;
            this.whole = whole;
            this.references = references;
            references.of = this;
        }
    }

    private static final class References extends Retainable.ReferenceCounter {
        private @Nullable Kept of;

        @Override
        public boolean release() {
            boolean last = super.release();
            if (last) {
                Kept released = requireNonNull(of);
                released.loop.buffersAtHand().release(released);
            }
            return last;
        }
    }
}
