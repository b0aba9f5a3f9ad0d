package dev.portway.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** The begin of a request body that may have to be sent again. Confined. */
final class KeptBody {

    /** What most bodies that are sent by a form or a script stay below. */
    static final int FEW = 64 * 1024;

    private final int most;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean last;
    private boolean overflown;

    /** @param most bytes that are kept; of more nothing is */
    KeptBody(int most) {
        this.most = most;
    }

    void add(Content.Chunk chunk) {
        if (overflown || Content.Chunk.isFailure(chunk)) {
            return;
        }
        if (bytes.size() + chunk.remaining() > most) {
            overflown = true;
            bytes.reset();
            return;
        }
        bytes.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
        last = chunk.isLast();
    }

    /** Whether there was more than is kept. */
    boolean overflown() {
        return overflown;
    }

    /** All of it; null for nothing. */
    Content.@Nullable Chunk chunk() {
        return bytes.size() == 0 && !last ? null : Content.Chunk.from(ByteBuffer.wrap(bytes.toByteArray()), last);
    }
}
