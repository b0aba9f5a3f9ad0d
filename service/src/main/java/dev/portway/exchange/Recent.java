package dev.portway.exchange;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of the keys that were asked for lately, so that they are made once for many requests: a place for each key's hash,
 * which the next key of that hash takes. Bounded. Thread-safe without a lock: of two threads the later one's value stays, and both
 * are right.
 *
 * @param <K> immutable, with an {@code equals} of its own
 * @param <V> immutable
 */
final class Recent<K, V> {

    private static final int PLACES = 256; // a power of two

    private final AtomicReferenceArray<@Nullable Entry<K, V>> places = new AtomicReferenceArray<>(PLACES);
    private final Function<K, V> make;

    /** @param make the value of a key, the same each time */
    Recent(Function<K, V> make) {
        this.make = make;
    }

    V get(K key) {
        int hash = key.hashCode() * 0x9E3779B1; // so that the upper bits depend on all
        int place = hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(PLACES));
        Entry<K, V> entry = places.getAcquire(place);
        if (entry == null || !entry.key.equals(key)) {
            entry = new Entry<>(key, make.apply(key));
            places.setRelease(place, entry);
        }
        return entry.value;
    }

    private record Entry<K, V>(K key, V value) {}
}
