package dev.portway.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a file's content so that a process killed at any instant leaves the old content or the new. Confined to the
 * registry's lock.
 */
class FileReplacer {

    private static final Logger LOG = LoggerFactory.getLogger(FileReplacer.class);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<PosixFilePermission> OF_GROUP =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE);

    private final Path temporaryFolder;
    private boolean inPlaceSaid; // so that the log says it once
    private @Nullable Path elsewhere; // the backup, where the folder takes none

    FileReplacer() {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * Another one.
     *
     * @param temporaryFolder where a backup goes that the file's own folder does not take
     */
    FileReplacer(Path temporaryFolder) {
        this.temporaryFolder = temporaryFolder;
    }

    /**
     * Replaces the content of a file, durably, through any links that lead to it. In order:
     *
     * <ol>
     *   <li>write and force a temporary file beside it, with the same owner and mode
     *   <li>check that nobody changed the file since it was read
     *   <li>move the one over the other, and force the folder
     * </ol>
     *
     * <p>Where the first or the last cannot be (a file mounted by itself into a container, a folder that is read-only),
     * it is written in place, with a backup beside it.
     *
     * @return false, with nothing changed, if it does not have the {@code expected} content
     */
    boolean replace(Path file, byte[] expected, byte[] content) throws IOException {
        Path real = file.toRealPath();
        Path temporary = LeftoverFiles.temporary(real);
        FileChannel channel;
        try {
            channel = create(temporary);
        } catch (IOException e) {
            return replaceInPlace(file, real, expected, content, e);
        }
        try {
            try (channel) {
                writeAll(channel, content);
                channel.force(true);
            }
            copyOwnerAndMode(real, temporary);
            if (!unchanged(file, real, expected)) {
                return false;
            }
            try {
                move(temporary, real);
            } catch (NoSuchFileException e) {
                throw e;
            } catch (FileSystemException e) {
                return replaceInPlace(file, real, expected, content, e);
            }
        } finally {
            deleteQuietly(temporary);
        }
        forceFolder(real);
        return true;
    }

    /**
     * Writes another file beside it, whole, that only those may read who may read the first. It is not forced to the disk: a
     * process that is killed leaves the old content or the new, a power cut might leave neither.
     *
     * @param real the first, at the end of all links
     */
    void writeBeside(Path real, Path other, byte[] content) throws IOException {
        writeAs(real, other, content, temporary -> copyOwnerAndMode(real, temporary));
    }

    /** The same for a file that only this process's own user may read. */
    void writeOwn(Path real, Path other, byte[] content) throws IOException {
        writeAs(real, other, content, temporary -> {});
    }

    private void writeAs(Path real, Path other, byte[] content, Finish finish) throws IOException {
        Path temporary = LeftoverFiles.temporary(real);
        try {
            try (FileChannel channel = create(temporary)) {
                writeAll(channel, content);
            }
            finish.on(temporary);
            move(temporary, other);
        } finally {
            deleteQuietly(temporary);
        }
    }

    /** Clears up after a process that was killed between two steps of {@link #replace}. */
    static void recover(Path file, Instant now) {
        try {
            LeftoverFiles.recover(file.toRealPath(), now);
        } catch (NoSuchFileException e) {
            LOG.debug("{} is not there, so nothing was left beside it", file);
        } catch (IOException e) {
            LOG.warn("cannot clear up beside {}: {}", file, e.toString());
        }
    }

    /** A new file that only its owner may read, since the content may hold secrets. A test may refuse it. */
    FileChannel create(Path path) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return posix(path.toAbsolutePath().getParent())
                ? FileChannel.open(path, options, OWNER_ONLY)
                : FileChannel.open(path, options);
    }

    /** A test may refuse it. */
    void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean replaceInPlace(Path file, Path real, byte[] expected, byte[] content, IOException why)
            throws IOException {
        Path pending = LeftoverFiles.pending(real);
        Path backup = LeftoverFiles.backup(real);
        try {
            writeNew(pending, expected);
        } catch (IOException e) {
            backup = writeElsewhere(real, expected);
            pending = backup;
        }
        boolean torn = false;
        try {
            if (!unchanged(file, real, expected)) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(real, StandardOpenOption.WRITE)) {
                overwrite(channel, expected, content);
            } catch (IOException e) {
                torn = e.getSuppressed().length > 0; // the old content is in the pending file alone, for recover()
                throw e;
            }
            keep(pending, backup);
        } finally {
            if (!torn && !pending.equals(backup)) {
                deleteQuietly(pending);
            }
        }
        sayInPlace(real, backup, why);
        return true;
    }

    /** If the new content cannot be written whole, the old one is put back. */
    private void overwrite(FileChannel channel, byte[] expected, byte[] content) throws IOException {
        try {
            overwrite(channel, content);
        } catch (IOException e) {
            try {
                overwrite(channel, expected);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** A test may break it off. */
    void overwrite(FileChannel channel, byte[] content) throws IOException {
        channel.position(0);
        writeAll(channel, content);
        channel.truncate(content.length);
        channel.force(true);
    }

    private Path writeElsewhere(Path real, byte[] content) throws IOException {
        if (elsewhere == null) {
            elsewhere = Files.createTempFile(temporaryFolder, "portway-", "-" + real.getFileName());
        }
        return Files.write(elsewhere, content);
    }

    private static void keep(Path pending, Path backup) {
        try {
            Files.move(pending, backup, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.debug("{} was not kept as {}: {}", pending, backup, e.toString());
        }
    }

    private static void deleteQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("{} is left behind: {}", path, e.toString());
        }
    }

    private void writeNew(Path path, byte[] content) throws IOException {
        Files.deleteIfExists(path);
        try (FileChannel channel = create(path)) {
            writeAll(channel, content);
            channel.force(true);
        }
    }

    private static void writeAll(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static boolean unchanged(Path file, Path real, byte[] expected) throws IOException {
        return file.toRealPath().equals(real) && Arrays.equals(Files.readAllBytes(real), expected);
    }

    private void sayInPlace(Path real, Path backup, IOException why) {
        if (inPlaceSaid) {
            return;
        }
        inPlaceSaid = true;
        LOG.warn(
                "{} cannot be replaced by another file ({}); it is written in place, and what it said before is kept in {}",
                real,
                why.toString(),
                backup);
    }

    /**
     * The owner may be one that this process may not give away to: then the file becomes its own. Where that goes for the
     * group, what the old one was allowed is taken away and not granted to another.
     */
    private void copyOwnerAndMode(Path from, Path to) throws IOException {
        PosixFileAttributeView source = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        PosixFileAttributeView target = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (source == null || target == null) {
            return;
        }
        PosixFileAttributes wanted = source.readAttributes();
        PosixFileAttributes given = target.readAttributes();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(wanted.permissions());
        try {
            setGroup(target, given, wanted);
        } catch (IOException e) {
            permissions.removeAll(OF_GROUP);
            LOG.debug("{} keeps its own group, which gets no access: {}", to, e.toString());
        }
        try {
            if (!wanted.owner().equals(given.owner())) {
                target.setOwner(wanted.owner());
            }
        } catch (IOException e) {
            LOG.debug("{} keeps its own owner: {}", to, e.toString());
        }
        target.setPermissions(permissions);
    }

    /** A test may refuse it. */
    void setGroup(PosixFileAttributeView target, PosixFileAttributes given, PosixFileAttributes wanted)
            throws IOException {
        if (!wanted.group().equals(given.group())) {
            target.setGroup(wanted.group());
        }
    }

    /** Makes the move itself durable. Not every system can; the content is on the disk by then, under one name or the other. */
    private static void forceFolder(Path real) {
        Path folder = real.getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("cannot force {}: {}", folder, e.toString());
        }
    }

    private static boolean posix(@Nullable Path folder) {
        return folder != null && Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null;
    }

    /** What is done to a temporary file before it is moved. */
    @FunctionalInterface
    private interface Finish {
        void on(Path temporary) throws IOException;
    }
}
