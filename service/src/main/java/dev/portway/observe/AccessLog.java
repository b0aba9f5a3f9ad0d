package dev.portway.observe;

import static java.util.Objects.requireNonNull;

import dev.portway.config.LoggingConfig;
import dev.portway.exchange.ExchangeRecord;
import io.dropwizard.lifecycle.Managed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each exchange, written by a thread of its own. {@link #record} never waits: where the writer cannot keep
 * up, because nobody reads its output, say, lines are dropped and counted. Thread-safe.
 */
public final class AccessLog implements Managed {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    static final int CAPACITY = 4096;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(10);

    /** How long the writer naps between batches: while it does, nobody pays for waking it. */
    private static final long NAP_NANOS = Duration.ofMillis(5).toNanos();

    private static final int NAPS_BEFORE_SLEEP = 20;

    private final AccessFormat format;
    private final LogSink sink;
    private final RecordQueue<ExchangeRecord> queue;
    private final LineBuffer buffer;
    private final @Nullable Thread writer;
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean asleep = new AtomicBoolean(); // set by the writer, cleared by whoever wakes it
    private volatile boolean closing; // written by stop(), read by any thread

    private int linesInBuffer; // of the writer
    private long reportedDrops; // of the writer
    private long lastReport; // of the writer

    AccessLog(AccessFormat format, LogSink sink, int capacity, boolean enabled) {
        this.format = requireNonNull(format, "format");
        this.sink = requireNonNull(sink, "sink");
        this.queue = new RecordQueue<>(capacity);
        this.buffer = new LineBuffer(2 * sink.chunk());
        this.lastReport = System.nanoTime() - REPORT_EVERY.toNanos();
        this.writer = enabled ? new Thread(this::write, "portway-access-log") : null;
        if (writer != null) {
            writer.setDaemon(true);
        }
    }

    /**
     * The log a configuration asks for, to be started and stopped by the caller; one that records nothing where {@code
     * access} is off. Where the destination is a file, the access lines go to one of their own beside it.
     *
     * @throws IOException if that file cannot be written
     */
    public static AccessLog of(LoggingConfig config) throws IOException {
        AccessFormat format = AccessFormat.of(config.format(), ZoneId.systemDefault());
        if (!config.access()) {
            return new AccessLog(format, StreamSink.stdout(), 1, false);
        }
        LogSink sink = switch (config.destination()) {
            case "stdout" -> StreamSink.stdout();
            case "stderr" -> StreamSink.stderr();
            default -> new RotatedFile(Rotation.accessFile(Path.of(config.destination())), Rotation.DEFAULT);
        };
        return new AccessLog(format, sink, CAPACITY, true);
    }

    /** Notes a finished exchange. Returns at once, from any thread. */
    public void record(ExchangeRecord exchange) {
        if (writer == null) {
            return;
        }
        if (closing || !queue.offer(Clip.clip(exchange))) {
            dropped.increment();
            return;
        }
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(writer);
        }
    }

    /** Lines that were to be written and never will be, since the start. */
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void start() {
        if (writer != null) {
            writer.start();
        }
    }

    /** Writes what is waiting, but waits a second at most for whoever reads it. */
    @Override
    public void stop() throws InterruptedException {
        closing = true;
        if (writer == null) {
            return;
        }
        LockSupport.unpark(writer);
        writer.join(CLOSE_LIMIT.toMillis());
    }

    private void write() {
        int naps = 0;
        while (true) {
            boolean last = closing;
            boolean wrote = drain();
            if (last && queue.size() == 0) {
                break;
            }
            naps = wrote ? 0 : naps + 1;
            if (naps < NAPS_BEFORE_SLEEP) {
                LockSupport.parkNanos(this, NAP_NANOS);
            } else {
                sleep();
                naps = 0;
            }
        }
        reportDrops(true);
        sink.close();
    }

    /** Parks until there is something to do. The flag is raised before the last look, so that no offer goes unseen. */
    private void sleep() {
        asleep.set(true);
        if (queue.size() == 0 && !closing) {
            LockSupport.park(this);
        }
        asleep.set(false);
    }

    private boolean drain() {
        ExchangeRecord exchange = queue.poll();
        if (exchange == null) {
            return false;
        }
        for (; exchange != null; exchange = queue.poll()) {
            int before = buffer.size();
            format.append(exchange, buffer);
            if (before > 0 && buffer.size() > sink.chunk()) {
                flush(before);
            }
            linesInBuffer++;
        }
        flush(buffer.size());
        reportDrops(false);
        return true;
    }

    private void flush(int length) {
        try {
            sink.write(buffer.bytes(), length);
        } catch (Exception e) {
            dropped.add(linesInBuffer);
            LOG.debug("access log: cannot write", e);
        }
        buffer.discard(length);
        linesInBuffer = 0;
    }

    private void reportDrops(boolean now) {
        long drops = dropped.sum();
        long time = System.nanoTime();
        if (drops == reportedDrops || (!now && time - lastReport < REPORT_EVERY.toNanos())) {
            return;
        }
        LOG.warn(
                "access log: {} lines dropped, because they came faster than they could be written",
                drops - reportedDrops);
        reportedDrops = drops;
        lastReport = time;
    }
}
