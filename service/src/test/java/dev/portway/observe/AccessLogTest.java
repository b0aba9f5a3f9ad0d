package dev.portway.observe;

import static dev.portway.observe.Exchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.config.LoggingConfig;
import dev.portway.config.LoggingConfig.Format;
import dev.portway.exchange.ExchangeRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AccessLogTest {

    private static final int SMALL = 64;

    @Test
    void writesALineForEachExchangeInOrder() throws Exception {
        var out = new ByteArrayOutputStream();
        AccessLog log = started(new StreamSink(out), 4096);

        for (int i = 0; i < 1_000; i++) {
            log.record(exchange().path("/" + i).record());
        }
        log.stop();

        List<String> lines = out.toString(StandardCharsets.US_ASCII).lines().toList();
        assertThat(lines).hasSize(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(lines.get(i)).contains("\"GET /" + i + " HTTP/1.1\"");
        }
        assertThat(log.dropped()).isZero();
    }

    @Test
    void writesSoonAfterALongSilence() throws Exception {
        var out = new ByteArrayOutputStream();
        AccessLog log = started(new StreamSink(out), SMALL);
        try {
            for (int i = 1; i <= 3; i++) {
                int lines = i;
                await().until(() -> writer().getState() == Thread.State.WAITING); // asleep until woken, not napping

                log.record(exchange().record());

                await().until(() ->
                        out.toString(StandardCharsets.US_ASCII).lines().count() == lines);
            }
        } finally {
            log.stop();
        }
    }

    @Test
    void losesNoAcceptedLineOfManyThreads() throws Exception {
        var out = new ByteArrayOutputStream();
        AccessLog log = started(new StreamSink(out), 1024);
        int threads = 4;
        int each = 20_000;

        Thread[] callers = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            callers[t] = new Thread(() -> {
                ExchangeRecord record = exchange().record();
                for (int i = 0; i < each; i++) {
                    log.record(record);
                }
            });
            callers[t].start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        log.stop();

        long written = out.toString(StandardCharsets.US_ASCII).lines().count();
        assertThat(written + log.dropped()).isEqualTo((long) threads * each);
        assertThat(written).isGreaterThanOrEqualTo(1024);
    }

    @Test
    void dropsAndCountsWhileTheStreamBlocksAndGoesOnAfterwards() throws Exception {
        var stream = new BlockingStream();
        AccessLog log = started(new StreamSink(stream), SMALL);
        log.record(exchange().path("/first").record());
        stream.entered.await();

        for (int i = 0; i < 10 * SMALL; i++) {
            log.record(exchange().path("/waiting").record());
        }
        assertThat(log.dropped()).isEqualTo(9L * SMALL);

        stream.opened.countDown();
        await().until(() -> stream.lines() == 1 + SMALL);
        log.record(exchange().path("/after").record());
        log.stop();

        assertThat(stream.written.toString(StandardCharsets.US_ASCII)).contains("/first", "/after");
        assertThat(log.dropped()).isEqualTo(9L * SMALL);
    }

    @Test
    void stopsInABoundedTimeWhileNobodyReads() throws Exception {
        var stream = new BlockingStream();
        AccessLog log = started(new StreamSink(stream), SMALL);
        log.record(exchange().record());
        stream.entered.await();
        log.record(exchange().record());

        log.stop();

        assertThat(stream.lines()).isZero();
        stream.opened.countDown();
    }

    /** A process whose standard output is a pipe that nobody reads until it has filled. */
    @Test
    void aFullPipeStopsNothing() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx64m",
                        PipeFiller.class.getName())
                .start();
        try (InputStream progress = process.getErrorStream();
                InputStream lines = process.getInputStream()) {
            String report = firstLine(progress);
            assertThat(report).startsWith("recorded " + PipeFiller.RECORDS + " dropped ");
            long dropped = Long.parseLong(report.substring(report.lastIndexOf(' ') + 1));
            assertThat(dropped).isPositive();

            process.getOutputStream().close(); // it ends now, and writes what is waiting while we read
            String output = new String(lines.readAllBytes(), StandardCharsets.US_ASCII);
            long written =
                    output.lines().filter(line -> line.contains("/index.html")).count();

            assertThat(written + dropped).isEqualTo(PipeFiller.RECORDS);
            assertThat(output).containsOnlyOnce("access log: " + dropped + " lines dropped");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void countsTheLinesThatCouldNotBeWritten() throws Exception {
        AccessLog log = started(new StreamSink(new BrokenStream()), SMALL);

        log.record(exchange().record());

        await().until(() -> log.dropped() == 1);
        log.stop();
    }

    @Test
    void recordsNothingAndStartsNoThreadWhenItIsOff() throws Exception {
        AccessLog log = AccessLog.of(new LoggingConfig("INFO", Format.TEXT, "stdout", false));

        log.start();
        log.record(exchange().record());
        log.stop();

        assertThat(log.dropped()).isZero();
    }

    @Test
    void writesBesideTheServiceLogWhereTheDestinationIsAFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("logs/portway.log");
        AccessLog log = AccessLog.of(new LoggingConfig("INFO", Format.TEXT, file.toString(), true));

        log.start();
        log.record(exchange().record());
        log.stop();

        assertThat(Files.readString(folder.resolve("logs/portway.access.log"))).contains("web.test/index.html");
    }

    private static AccessLog started(LogSink sink, int capacity) {
        AccessLog log = new AccessLog(AccessFormat.of(Format.COMBINED, ZoneOffset.UTC), sink, capacity, true);
        log.start();
        return log;
    }

    private static Thread writer() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("portway-access-log"))
                .findAny()
                .orElseThrow();
    }

    private static String firstLine(InputStream stream) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = stream.read(); octet >= 0 && octet != '\n'; octet = stream.read()) {
            line.append((char) octet);
        }
        return line.toString();
    }

    /** Takes nothing until it is opened. */
    private static final class BlockingStream extends OutputStream {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch opened = new CountDownLatch(1);
        final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            entered.countDown();
            try {
                opened.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            written.write(bytes, offset, length);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        long lines() {
            return written.toString(StandardCharsets.US_ASCII).lines().count();
        }
    }

    private static final class BrokenStream extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            throw new IOException("no space left on device");
        }
    }

    /** Records more than any pipe holds, reports, and ends when its input does. */
    static final class PipeFiller {
        static final int RECORDS = 100_000;

        public static void main(String[] args) throws Exception {
            AccessLog log = AccessLog.of(new LoggingConfig("INFO", Format.COMBINED, "stdout", true));
            log.start();
            ExchangeRecord record = exchange().record();
            for (int i = 0; i < RECORDS; i++) {
                log.record(record);
            }
            System.err.println("recorded " + RECORDS + " dropped " + log.dropped());
            int end = System.in.read();
            log.stop();
            System.exit(end < 0 ? 0 : 1);
        }
    }
}
