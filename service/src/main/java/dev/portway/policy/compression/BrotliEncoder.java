package dev.portway.policy.compression;

import com.aayushatharva.brotli4j.encoder.Encoder.Mode;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** RFC 7932, by brotli4j. */
final class BrotliEncoder implements Encoder {

    private static final int LEVEL = 4;

    /** 256 KiB. */
    private static final int WINDOW_LOG = 18;

    private static final int PIECE_BYTES = 16 * 1024;

    private final EncoderJNI.Wrapper encoder;

    BrotliEncoder() {
        try {
            encoder = new EncoderJNI.Wrapper(PIECE_BYTES, LEVEL, WINDOW_LOG, Mode.GENERIC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ByteBuffer encode(ByteBuffer piece, boolean last) {
        Coded coded = new Coded(piece.remaining() / 2);
        ByteBuffer in = encoder.getInputBuffer();
        do {
            int count = Math.min(in.capacity(), piece.remaining());
            in.clear();
            in.put(0, piece, piece.position(), count);
            piece.position(piece.position() + count);
            push(piece.hasRemaining() ? Operation.PROCESS : Operation.FLUSH, count, coded);
        } while (piece.hasRemaining());
        if (last) {
            push(Operation.FINISH, 0, coded);
        }
        return coded.buffer();
    }

    private void push(Operation operation, int count, Coded coded) {
        encoder.push(operation, count);
        while (true) {
            if (!encoder.isSuccess()) {
                throw new IllegalStateException("brotli: the encoder failed");
            }
            if (encoder.hasMoreOutput()) {
                coded.put(encoder.pull());
            } else if (encoder.hasRemainingInput()) {
                encoder.push(operation, 0);
            } else {
                return;
            }
        }
    }

    @Override
    public void release() {
        encoder.destroy();
    }
}
