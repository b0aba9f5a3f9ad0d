package dev.portway.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what is little, such as a response's head and its few bytes of content: to copy them takes less than to hand the
 * system a list. Confined to the thread of a loop.
 */
final class SmallWrites {

    private static final int MAX_BYTES = 2048;

    private final ByteBuffer joined = ByteBuffer.allocateDirect(MAX_BYTES);

    /**
     * What {@code buffers} hold, in one: the only one of them, or a copy that is good until the next call.
     *
     * @return null where they hold more than should be copied
     */
    @Nullable
    ByteBuffer join(ByteBuffer... buffers) {
        if (buffers.length == 1) {
            return buffers[0];
        }
        joined.clear();
        for (ByteBuffer buffer : buffers) {
            int size = buffer.remaining();
            if (size > joined.remaining()) {
                return null;
            }
            joined.put(joined.position(), buffer, buffer.position(), size);
            joined.position(joined.position() + size);
        }
        return joined.flip();
    }

    /** Takes from {@code buffers} the {@code written} bytes that went out of what they were put together to. */
    static void take(int written, ByteBuffer... buffers) {
        int left = written;
        for (ByteBuffer buffer : buffers) {
            int size = Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + size);
            left -= size;
        }
    }
}
