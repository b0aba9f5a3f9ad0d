package dev.portway.policy.compression;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Grows as what is coded is put in. Not thread-safe. */
final class Coded {

    private static final int ROOM = 512;

    private byte[] bytes;
    private int size;

    /** @param expected bytes that will be enough in most cases */
    Coded(int expected) {
        this.bytes = new byte[expected + ROOM];
    }

    /** Has some room behind {@link #size}. */
    byte[] room() {
        if (bytes.length - size < ROOM) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        return bytes;
    }

    int size() {
        return size;
    }

    /** So many bytes were put into the room. */
    void grow(int count) {
        size += count;
    }

    void put(ByteBuffer content) {
        while (bytes.length - size < content.remaining()) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        int count = content.remaining();
        content.get(bytes, size, count);
        size += count;
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
