package dev.portway;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of one message out of a connection: ends where the body ends, and leaves what follows to be read. A body cut
 * short is an error. Confined.
 */
final class BodyInput extends InputStream {

    private static final int LAST = -1;

    private final InputStream in;
    private final boolean chunked;
    private long remaining;
    private boolean betweenChunks;

    private BodyInput(InputStream in, boolean chunked, long remaining) {
        this.in = in;
        this.chunked = chunked;
        this.remaining = remaining;
    }

    static BodyInput sized(InputStream in, long length) {
        return new BodyInput(in, false, length);
    }

    /** Joins the chunks, and skips the trailers. */
    static BodyInput chunked(InputStream in) {
        return new BodyInput(in, true, 0);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** At most what has come of the current chunk. */
    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (chunked && remaining == 0) {
            remaining = nextChunk();
        }
        if (remaining <= 0) {
            return -1;
        }
        int read = in.read(to, offset, (int) Math.min(length, remaining));
        if (read < 0) {
            throw new EOFException("the body ended " + remaining + " bytes early");
        }
        remaining -= read;
        betweenChunks = chunked && remaining == 0;
        return read;
    }

    /** The line end after a chunk is read only now: a sender may leave it until the next chunk. */
    private long nextChunk() throws IOException {
        if (betweenChunks) {
            line();
        }
        long size = Long.parseLong(line(), 16);
        if (size > 0) {
            return size;
        }
        String trailer = line();
        while (!trailer.isEmpty()) {
            trailer = line();
        }
        return LAST;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the body ended within a line");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }
}
