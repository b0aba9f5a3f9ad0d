package dev.portway.policy.compression;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** RFC 1952, by the JDK's own deflate. */
final class GzipEncoder implements Encoder {

    /** Most of what the highest would save, in a fraction of its time, which is that of an event loop. */
    private static final int LEVEL = 4;

    private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 checksum = new CRC32();
    private boolean begun;

    @Override
    public ByteBuffer encode(ByteBuffer piece, boolean last) {
        Coded coded = new Coded(piece.remaining() / 2);
        if (!begun) {
            begun = true;
            coded.put(ByteBuffer.wrap(HEADER));
        }
        checksum.update(piece.slice());
        deflater.setInput(piece);
        if (last) {
            deflater.finish();
        }
        int count;
        int room;
        do {
            byte[] bytes = coded.room();
            room = bytes.length - coded.size();
            count = deflater.deflate(bytes, coded.size(), room, Deflater.SYNC_FLUSH);
            coded.grow(count);
        } while (count == room); // less than there was room for: all is out
        if (last) {
            coded.put(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) checksum.getValue())
                    .putInt((int) deflater.getBytesRead())
                    .flip());
        }
        return coded.buffer();
    }

    @Override
    public void release() {
        deflater.end();
    }
}
