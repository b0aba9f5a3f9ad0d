package dev.portway.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map that is asked for a part of a string without cutting it out. Immutable.
 *
 * <p>Open addressing at half load or less; the hash of a range is what {@link String#hashCode} would be of its substring.
 */
final class StringRangeMap<V> {

    /** The odd factor of {@link String#hashCode}, and its inverse modulo 2^32, by which a hash loses a factor again. */
    static final int FACTOR = 31;

    static final int INVERSE_FACTOR = 0xBDEF7BDF;

    private final @Nullable String[] keys;
    private final Object[] values;
    private final int shift;

    StringRangeMap(Map<String, V> entries) {
        int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(Math.max(1, entries.size()) * 2 - 1));
        this.keys = new String[1 << bits];
        this.values = new Object[1 << bits];
        this.shift = 32 - bits;
        entries.forEach((key, value) -> {
            int slot = slot(key.hashCode());
            while (keys[slot] != null) {
                slot = next(slot);
            }
            keys[slot] = key;
            values[slot] = value;
        });
    }

    /**
     * What is mapped to {@code text.substring(from, to)}.
     *
     * @param hash of that substring
     */
    @Nullable
    V get(String text, int from, int to, int hash) {
        for (int slot = slot(hash); ; slot = next(slot)) {
            String key = keys[slot];
            if (key == null) {
                return null;
            }
            if (key.length() == to - from && text.startsWith(key, from)) {
                @SuppressWarnings("unchecked") // only the constructor writes
                V value = (V) values[slot];
                return value;
            }
        }
    }

    /** Fibonacci hashing: the upper bits of a product, since the lower ones of {@code hash} are those of few characters. */
    private int slot(int hash) {
        return (hash * 0x9E3779B9) >>> shift;
    }

    private int next(int slot) {
        return (slot + 1) & (keys.length - 1);
    }
}
