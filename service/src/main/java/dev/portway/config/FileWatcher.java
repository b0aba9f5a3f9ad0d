package dev.portway.config;

import static java.util.Objects.requireNonNull;

import io.dropwizard.lifecycle.Managed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Notices within a second that a file has other content, whichever way it was saved: written in place, moved over, deleted
 * and made anew, or reached through a link that leads elsewhere now. Looks at the file instead of waiting to be told,
 * which is the same on every system and mount (docs/decisions/022). Thread-safe; owns one thread.
 */
public final class FileWatcher implements Managed {

    /** How often an idle file is looked at. */
    private static final Duration POLL = Duration.ofMillis(200);

    /** How often a file that is being saved is looked at. */
    private static final Duration FAST_POLL = Duration.ofMillis(25);

    /** No writes for so long: the editor has saved. */
    private static final Duration QUIET = Duration.ofMillis(100);

    /** No writes for so long after content that cannot be used: there comes no more. */
    private static final Duration LONG_QUIET = Duration.ofMillis(350);

    /** A file that is written again and again is taken as it is after so long. */
    private static final Duration PATIENCE = Duration.ofMillis(600);

    /** Content is compared this often though nothing else says that it changed, since times on a disk may be coarse. */
    private static final Duration READ_ANYWAY = Duration.ofSeconds(2);

    private final Path file;
    private final Reaction reaction;
    private final Lookout lookout;
    private Sight handled = Sight.NONE; // confined to the thread

    /** What is done about a file that changed; called by the watcher's own thread. */
    @FunctionalInterface
    public interface Reaction {

        /**
         * Takes up the file.
         *
         * @param settled whether no more is to be expected; otherwise the file may be half written, and if it cannot be
         *     used this is called again
         * @return whether the content could be used
         */
        boolean changed(boolean settled);
    }

    /**
     * A watcher, not yet started. Once it is, the reaction is called in any case: the file may have changed since it was
     * read.
     *
     * @param file links that lead to it are followed anew each time
     */
    public FileWatcher(Path file, Reaction reaction) {
        this.file = requireNonNull(file, "file");
        this.reaction = requireNonNull(reaction, "reaction");
        this.lookout = new Lookout("config-watcher", () -> POLL, this::look);
    }

    @Override
    public void start() {
        lookout.start();
    }

    /** Ends the thread; a reaction under way is waited for. */
    @Override
    public void stop() throws InterruptedException {
        lookout.stop();
    }

    private void look() throws InterruptedException {
        Sight now = Sight.of(file, handled);
        if (now.sameContent(handled)) {
            handled = now;
            return;
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        handled = settle(now, QUIET, deadline);
        if (reaction.changed(false)) {
            return;
        }
        handled = settle(handled, LONG_QUIET, deadline);
        reaction.changed(true);
    }

    /** Waits until the file has not changed for so long, or the deadline has passed. */
    private Sight settle(Sight from, Duration quiet, long deadline) throws InterruptedException {
        Sight last = from;
        long since = System.nanoTime();
        while (System.nanoTime() - since < quiet.toNanos()
                && System.nanoTime() - deadline < 0
                && !lookout.stops(FAST_POLL)) {
            Sight now = Sight.of(file, last);
            if (!now.sameContent(last)) {
                since = System.nanoTime();
            }
            last = now;
        }
        return last;
    }

    /**
     * What a look at the file saw.
     *
     * @param attributes times, size and identity; empty if it cannot be seen
     * @param digest of the content; null if it cannot be read
     * @param read when the content was read, in nanoseconds
     */
    private record Sight(
            Map<String, Object> attributes, @Nullable String digest, long read) {

        /** The time of the last change to anything about a file cannot be set by anybody. Not every system has it. */
        private static final String UNIX = "unix:dev,ino,size,lastModifiedTime,ctime";

        private static final String BASIC = "basic:fileKey,size,lastModifiedTime";

        /** Unlike any other. */
        static final Sight NONE = new Sight(Map.of(), "", System.nanoTime() - READ_ANYWAY.toNanos());

        /** Reads the content only where something says that it may be another. */
        static Sight of(Path file, Sight last) {
            Map<String, Object> attributes = attributes(file);
            boolean unmoved =
                    attributes.equals(last.attributes) && System.nanoTime() - last.read < READ_ANYWAY.toNanos();
            return unmoved ? last : new Sight(attributes, digest(file), System.nanoTime());
        }

        boolean sameContent(Sight other) {
            return digest == null ? other.digest == null : digest.equals(other.digest);
        }

        private static Map<String, Object> attributes(Path file) {
            boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
            try {
                return Files.readAttributes(file, unix ? UNIX : BASIC);
            } catch (IOException e) {
                return Map.of();
            }
        }

        private static @Nullable String digest(Path file) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                return HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
            } catch (IOException e) {
                return null;
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every Java platform has SHA-256", e);
            }
        }
    }
}
