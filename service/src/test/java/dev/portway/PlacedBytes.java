package dev.portway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes that can be told from any others by their place, to send without keeping them and to check as they come. */
final class PlacedBytes {

    private static final int PIECE = 16 * 1024;

    private PlacedBytes() {}

    /** The byte at {@code place}. */
    static byte at(long place) {
        return (byte) (place * 31 ^ place >> 8 ^ place >> 16);
    }

    /** {@code length} bytes from {@code place} on. */
    static byte[] bytes(long place, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(place + i);
        }
        return bytes;
    }

    static void write(OutputStream out, long length) throws IOException {
        for (long at = 0; at < length; at += PIECE) {
            out.write(bytes(at, (int) Math.min(PIECE, length - at)));
        }
        out.flush();
    }

    /** As {@link #write}, in chunks, the last one included. */
    static void writeChunked(OutputStream out, long length) throws IOException {
        for (long at = 0; at < length; at += PIECE) {
            int size = (int) Math.min(PIECE, length - at);
            out.write((Integer.toHexString(size) + "\r\n").getBytes(US_ASCII));
            out.write(bytes(at, size));
            out.write("\r\n".getBytes(US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(US_ASCII));
        out.flush();
    }

    /** Reads to the end, and fails at the first byte that is another. */
    static long check(InputStream in) throws IOException {
        byte[] piece = new byte[PIECE];
        long place = 0;
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            if (!Arrays.equals(Arrays.copyOf(piece, read), bytes(place, read))) {
                throw new AssertionError("the bytes from " + place + " on are not those that were sent");
            }
            place += read;
        }
        return place;
    }
}
