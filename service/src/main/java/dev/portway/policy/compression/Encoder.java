package dev.portway.policy.compression;

import java.nio.ByteBuffer;

/** Codes one body, piece by piece. Not thread-safe. */
interface Encoder {

    /**
     * Codes a piece, so that whoever decodes what came so far has all of it.
     *
     * @param piece read to its end
     * @param last whether it is the last
     */
    ByteBuffer encode(ByteBuffer piece, boolean last);

    /** Gives back what is held outside the heap; nothing can be coded afterwards. */
    void release();
}
