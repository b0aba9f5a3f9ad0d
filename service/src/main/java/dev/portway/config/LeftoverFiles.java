package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that writing a configuration makes beside it, and what is done with those a killed process left. */
final class LeftoverFiles {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverFiles.class);
    private static final String TEMPORARY = ".portway-tmp";
    private static final Pattern UNIQUE = Pattern.compile("[0-9a-f-]+");

    /** No file takes that long to be written. */
    static final Duration LEFT = Duration.ofMinutes(1);

    private LeftoverFiles() {}

    /** What is moved over the file: another name each time, since in each container there is a process 1. */
    static Path temporary(Path real) {
        return real.resolveSibling(prefix(real) + UUID.randomUUID() + TEMPORARY);
    }

    /** The old content, there only while the file is being written in place. */
    static Path pending(Path real) {
        return real.resolveSibling(prefix(real) + "portway-pending");
    }

    /** The old content, kept after the file was written in place. */
    static Path backup(Path real) {
        return real.resolveSibling(real.getFileName() + ".portway-backup");
    }

    /** The leases, which are not in the file. */
    static Path leases(Path real) {
        return real.resolveSibling(prefix(real) + "portway-leases");
    }

    /** The last changes, with what the file said before them. */
    static Path history(Path real) {
        return real.resolveSibling(prefix(real) + "portway-history");
    }

    /** Removes temporary files that nobody can be writing any more, and puts the old content back into a half-written file. */
    static void recover(Path real, Instant now) throws IOException {
        Path pending = pending(real);
        if (Files.exists(pending)) {
            restore(real, pending);
        }
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(real.resolveSibling(""))) {
            removeLeft(siblings, real, now);
        }
    }

    /** Other processes go on writing beside the file while this looks: what was there may be gone. */
    static void removeLeft(Iterable<Path> siblings, Path real, Instant now) throws IOException {
        try {
            for (Path sibling : siblings) {
                if (isTemporary(real, sibling) && isOld(sibling, now)) {
                    Files.deleteIfExists(sibling);
                    LOG.debug("removed {}, left by a process that ended while writing", sibling);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean isTemporary(Path real, Path sibling) {
        String name = String.valueOf(sibling.getFileName());
        String prefix = prefix(real);
        return name.startsWith(prefix)
                && name.endsWith(TEMPORARY)
                && name.length() > prefix.length() + TEMPORARY.length()
                && UNIQUE.matcher(name.substring(prefix.length(), name.length() - TEMPORARY.length()))
                        .matches();
    }

    private static boolean isOld(Path temporary, Instant now) throws IOException {
        try {
            return Files.getLastModifiedTime(temporary, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(now.minus(LEFT));
        } catch (NoSuchFileException moved) {
            return false;
        }
    }

    /** A file that parses was either not touched yet, written whole, or mended by its user: then it stays. */
    private static void restore(Path real, Path pending) throws IOException {
        byte[] old = Files.readAllBytes(pending);
        if (!parses(Files.readAllBytes(real)) && parses(old)) {
            Files.write(
                    real, old, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SYNC);
            LOG.warn("{} was half written when the process ended; it says again what it said before", real);
        }
        Files.delete(pending);
    }

    private static boolean parses(byte[] content) {
        return JsonText.parses(new String(content, UTF_8));
    }

    private static String prefix(Path real) {
        return "." + real.getFileName() + ".";
    }
}
