package dev.portway.observe;

import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file that is set aside and compressed each day and whenever it is big, by Logback's rolling appender, of which a
 * bounded number is kept. It has a Logback context of its own, so that setting up the service log leaves it alone.
 */
final class RotatedFile implements LogSink {

    private static final int CHUNK = 64 * 1024;

    private final ContextBase context = new ContextBase();
    private final RollingFileAppender<byte[]> appender = new RollingFileAppender<>();

    /**
     * Opens the file, behind what is in it already, and makes the folders it needs.
     *
     * @throws IOException if it cannot be written
     */
    RotatedFile(Path file, Rotation rotation) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        context.setName("portway-access-log");

        SizeAndTimeBasedRollingPolicy<byte[]> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(rotation.archivePattern(absolute));
        policy.setMaxFileSize(new FileSize(rotation.maxFileBytes()));
        policy.setMaxHistory(rotation.maxDays());
        policy.setTotalSizeCap(new FileSize(rotation.maxTotalBytes()));
        policy.setCleanHistoryOnStart(true);

        appender.setContext(context);
        appender.setName("portway-access-log");
        appender.setFile(absolute.toString());
        appender.setEncoder(new Verbatim());
        appender.setRollingPolicy(policy);
        policy.start();
        appender.start();
        if (!appender.isStarted()) {
            close();
            throw new IOException("cannot write " + absolute);
        }
    }

    @Override
    public int chunk() {
        return CHUNK;
    }

    @Override
    public void write(byte[] lines, int length) {
        appender.doAppend(Arrays.copyOf(lines, length));
    }

    @Override
    public void close() {
        appender.stop();
        context.stop();
    }

    /** Lines come as they are to be written. */
    private static final class Verbatim extends EncoderBase<byte[]> {

        private static final byte[] NOTHING = new byte[0];

        @Override
        public byte[] headerBytes() {
            return NOTHING;
        }

        @Override
        public byte[] encode(byte[] lines) {
            return lines;
        }

        @Override
        public byte[] footerBytes() {
            return NOTHING;
        }
    }
}
