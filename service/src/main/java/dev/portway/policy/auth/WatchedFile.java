package dev.portway.policy.auth;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file says, which is read again when it has changed and somebody asks. A file that cannot be read says nothing.
 * Thread-safe.
 *
 * @param <T> what is made of it, immutable
 */
final class WatchedFile<T> {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final Parser<T> parser;
    private final T nothing;
    private final Executor looker;
    private final LongSupplier nanoTime;
    private @Nullable CompletableFuture<T> look; // guarded by this; the one under way
    private volatile @Nullable Sight<T> sight; // written by one look at a time, read by any thread

    /**
     * A file that is not read yet.
     *
     * @param nothing what it says when it cannot be read
     * @param looker where it is read, one task at a time
     */
    WatchedFile(Path file, Parser<T> parser, T nothing, Executor looker, LongSupplier nanoTime) {
        this.file = requireNonNull(file, "file");
        this.parser = requireNonNull(parser, "parser");
        this.nothing = requireNonNull(nothing, "nothing");
        this.looker = requireNonNull(looker, "looker");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    }

    Path file() {
        return file;
    }

    /**
     * What it says, as of a second ago at most: known at once, or completed by the looker; or failed with
     * {@link RejectedExecutionException} where that takes no more.
     */
    CompletableFuture<T> content() {
        Sight<T> now = sight;
        return now != null && nanoTime.getAsLong() - now.seenAt < LOOK_AGAIN_NANOS ? now.content : lookAgain();
    }

    /** Those who ask meanwhile share one look. */
    private synchronized CompletableFuture<T> lookAgain() {
        CompletableFuture<T> current = look;
        if (current == null || current.isDone()) {
            try {
                current = CompletableFuture.supplyAsync(this::look, looker);
            } catch (RejectedExecutionException e) {
                return CompletableFuture.failedFuture(e);
            }
            look = current;
        }
        return current;
    }

    private T look() {
        Sight<T> before = sight;
        T content;
        List<Object> stamp;
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            stamp = List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
            content = before != null && before.stamp.equals(stamp) ? before.content.join() : parser.read(file);
        } catch (IOException e) {
            if (before == null || !before.stamp.isEmpty()) {
                LOG.warn("{} cannot be read, so nobody is let in by it: {}", file, e.toString());
            }
            stamp = List.of();
            content = nothing;
        }
        sight = new Sight<>(CompletableFuture.completedFuture(content), stamp, nanoTime.getAsLong());
        return content;
    }

    /** Makes something of a file. */
    @FunctionalInterface
    interface Parser<T> {

        T read(Path file) throws IOException;
    }

    /** The file as it was seen last. */
    private record Sight<T>(CompletableFuture<T> content, List<Object> stamp, long seenAt) {}
}
