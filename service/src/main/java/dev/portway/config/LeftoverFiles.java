package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that writing a configuration makes beside it, and what is done with those a killed process left. */
final class LeftoverFiles {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverFiles.class);
    private static final String TEMPORARY = ".portway-tmp";

    private LeftoverFiles() {}

    /** What is moved over the file; it carries the process's id, so that nobody clears up another's. */
    static Path temporary(Path real) {
        return real.resolveSibling(prefix(real) + ProcessHandle.current().pid() + TEMPORARY);
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

    /** Removes temporary files of processes that ended, and puts the old content back into a half-written file. */
    static void recover(Path real) throws IOException {
        Path pending = pending(real);
        if (Files.exists(pending)) {
            restore(real, pending);
        }
        try (DirectoryStream<Path> siblings =
                Files.newDirectoryStream(real.resolveSibling(""), sibling -> left(real, sibling))) {
            for (Path sibling : siblings) {
                Files.deleteIfExists(sibling);
                LOG.debug("removed {}, left by a process that ended while writing", sibling);
            }
        }
    }

    private static boolean left(Path real, Path sibling) {
        String name = String.valueOf(sibling.getFileName());
        String prefix = prefix(real);
        if (!name.startsWith(prefix) || !name.endsWith(TEMPORARY)) {
            return false;
        }
        String pid = name.substring(prefix.length(), name.length() - TEMPORARY.length());
        try {
            long id = Long.parseLong(pid);
            return id == ProcessHandle.current().pid() || ProcessHandle.of(id).isEmpty();
        } catch (NumberFormatException e) {
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
