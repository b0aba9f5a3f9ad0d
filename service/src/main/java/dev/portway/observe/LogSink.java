package dev.portway.observe;

import java.io.IOException;

/** Where finished lines go. Confined to one thread, which it may keep waiting. */
interface LogSink extends AutoCloseable {

    /** Bytes worth gathering before a write; a longer line is written by itself. */
    int chunk();

    /** Writes whole lines and lets nobody wait for them in a buffer. */
    void write(byte[] lines, int length) throws IOException;

    @Override
    void close();
}
