package dev.portway.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that never makes anyone wait: any thread offers, one thread polls. Lock-free, and an element that was
 * accepted is never lost.
 */
final class RecordQueue<T> {

    private final AtomicReferenceArray<@Nullable T> slots;
    private final int mask;
    private final AtomicLong tail = new AtomicLong(); // the next slot to fill, claimed by any thread
    private volatile long head; // the next slot to empty, written by the polling thread

    /** Holds {@code capacity} elements, a power of two. */
    RecordQueue(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: a power of two)");
        }
        this.slots = new AtomicReferenceArray<>(capacity);
        this.mask = capacity - 1;
    }

    /** Whether there was room for it. */
    boolean offer(T element) {
        long slot;
        do {
            slot = tail.get();
            if (slot - head > mask) {
                return false;
            }
        } while (!tail.compareAndSet(slot, slot + 1));
        slots.setRelease((int) slot & mask, element);
        return true;
    }

    /** The oldest element; null if there is none, or the oldest is still being put. */
    @Nullable
    T poll() {
        long slot = head;
        T element = slots.getAcquire((int) slot & mask);
        if (element == null) {
            return null;
        }
        slots.setRelease((int) slot & mask, null);
        head = slot + 1;
        return element;
    }

    /** Elements in it, those still being put included. */
    int size() {
        return (int) (tail.get() - head);
    }
}
