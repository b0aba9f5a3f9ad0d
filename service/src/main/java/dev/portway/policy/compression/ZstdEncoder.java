package dev.portway.policy.compression;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/** RFC 8878, by zstd-jni. */
final class ZstdEncoder implements Encoder {

    private static final int LEVEL = 3;

    /** 256 KiB, which is what one stream may cost; browsers take up to 8 MiB. */
    private static final int WINDOW_LOG = 18;

    private static final int PIECE_BYTES = 16 * 1024;

    private final ZstdCompressCtx context =
            new ZstdCompressCtx().setLevel(LEVEL).setWindowLog(WINDOW_LOG);
    private final ByteBuffer in = ByteBuffer.allocateDirect(PIECE_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(PIECE_BYTES);

    @Override
    public ByteBuffer encode(ByteBuffer piece, boolean last) {
        Coded coded = new Coded(piece.remaining() / 2);
        do {
            in.clear().limit(Math.min(in.capacity(), piece.remaining()));
            in.put(0, piece, piece.position(), in.limit());
            piece.position(piece.position() + in.limit());
            boolean end = !piece.hasRemaining();
            EndDirective directive = !end ? EndDirective.CONTINUE : last ? EndDirective.END : EndDirective.FLUSH;
            boolean done;
            do {
                out.clear();
                done = context.compressDirectByteBufferStream(out, in, directive);
                coded.put(out.flip());
            } while (in.hasRemaining() || (end && !done));
        } while (piece.hasRemaining());
        return coded.buffer();
    }

    @Override
    public void release() {
        context.close();
    }
}
