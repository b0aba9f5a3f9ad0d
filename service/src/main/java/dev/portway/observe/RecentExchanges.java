package dev.portway.observe;

import dev.portway.exchange.ExchangeRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges that ended last, numbered, for whoever wants to look. A record takes the place of the oldest, whether that
 * was seen or not: nobody waits for a reader, and a reader can tell how many it has missed. Thread-safe.
 */
public final class RecentExchanges {

    /** How many are kept: a MiB or so, and five where every field is as long as it may be (see {@link Clip}). */
    public static final int CAPACITY = 1024;

    private final AtomicReferenceArray<@Nullable Numbered> slots;
    private final int mask;
    private final AtomicLong next = new AtomicLong();

    public RecentExchanges() {
        this(CAPACITY);
    }

    /** Keeps {@code capacity} of them, a power of two. */
    RecentExchanges(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: a power of two)");
        }
        this.slots = new AtomicReferenceArray<>(capacity);
        this.mask = capacity - 1;
    }

    /** Notes a finished exchange. Returns at once, from any thread. */
    public void record(ExchangeRecord exchange) {
        long number = next.getAndIncrement();
        Numbered numbered = new Numbered(number, Clip.clip(exchange));
        slots.accumulateAndGet((int) number & mask, numbered, Numbered::newer);
    }

    /** The last {@code limit} of those kept that are {@code wanted}, the oldest first. */
    public Page last(int limit, Predicate<ExchangeRecord> wanted) {
        ArrayDeque<ExchangeRecord> last = new ArrayDeque<>();
        long end = walk(Math.max(next.get() - slots.length(), 0), exchange -> {
                    if (wanted.test(exchange)) {
                        if (last.size() == limit) {
                            last.removeFirst();
                        }
                        last.addLast(exchange);
                    }
                    return true;
                })
                .next();
        return new Page(end, 0, List.copyOf(last));
    }

    /**
     * Those from {@code number} on that are {@code wanted}, the oldest first.
     *
     * @param number as an earlier page has it as its {@code next}; one that is not reached yet is of another proxy, which
     *     was here before, and all that are kept are given
     * @param limit more than none
     */
    public Page from(long number, int limit, Predicate<ExchangeRecord> wanted) {
        long end = next.get();
        long oldest = Math.max(end - slots.length(), 0);
        boolean known = number >= 0 && number <= end;
        long from = known ? Math.max(number, oldest) : oldest;
        List<ExchangeRecord> found = new ArrayList<>();
        Page walked = walk(from, exchange -> {
            if (wanted.test(exchange)) {
                found.add(exchange);
            }
            return found.size() < limit;
        });
        return new Page(walked.next(), walked.missed() + (known ? from - number : 0), List.copyOf(found));
    }

    /** Up to one that is still being put, so that it is met by the next walk; those overwritten meanwhile are counted. */
    private Page walk(long from, Predicate<ExchangeRecord> goOn) {
        long missed = 0;
        long number = from;
        for (long end = next.get(); number < end; number++) {
            Numbered there = slots.getAcquire((int) number & mask);
            if (there == null || there.number() < number) {
                break;
            }
            if (there.number() > number) {
                missed++;
            } else if (!goOn.test(there.exchange())) {
                return new Page(number + 1, missed, List.of());
            }
        }
        return new Page(number, missed, List.of());
    }

    /**
     * A piece of what was recorded. Immutable.
     *
     * @param next where the next page begins
     * @param missed how many before {@code next} were gone already, wanted or not
     * @param exchanges the oldest first
     */
    public record Page(long next, long missed, List<ExchangeRecord> exchanges) {

        public Page {
            exchanges = List.copyOf(exchanges);
        }
    }

    private record Numbered(long number, ExchangeRecord exchange) {

        /** Who was slow to put an old one does not take the place of a newer. */
        static Numbered newer(@Nullable Numbered there, Numbered put) {
            return there == null || there.number < put.number ? put : there;
        }
    }
}
