package dev.portway.upstream;

/** Numbers that look random and are always the same for the same text, also in another process. */
final class Hashes {

    private Hashes() {}

    static long of(String text) {
        return mix(text.hashCode());
    }

    /** The {@code n}-th of a name: of all its bits (FNV-1a), since two names that meet would meet in each of theirs. */
    static long of(String name, int n) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
        }
        return mix(hash + n * 0x9E3779B97F4A7C15L);
    }

    /** Spreads every bit over all (Stafford's variant 13 of MurmurHash3's finalizer). */
    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
