package dev.portway.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes to a stream that stays open, such as the process's standard output. */
final class StreamSink implements LogSink {

    /** What POSIX lets a pipe take in one piece: nothing the service log writes lands inside a line. */
    private static final int PIPE_BUF = 4096;

    private final OutputStream stream;

    StreamSink(OutputStream stream) {
        this.stream = stream;
    }

    /** The process's own output, past {@code System.out} and its lock, which others may hold. */
    static StreamSink stdout() {
        return new StreamSink(new FileOutputStream(FileDescriptor.out));
    }

    static StreamSink stderr() {
        return new StreamSink(new FileOutputStream(FileDescriptor.err));
    }

    @Override
    public int chunk() {
        return PIPE_BUF;
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        stream.write(lines, 0, length);
        stream.flush();
    }

    @Override
    public void close() {
        // the stream is not ours to close
    }
}
