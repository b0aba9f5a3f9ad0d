package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The system's file of host names, of which a block between two marks is Portway's and all else somebody else's: no byte
 * outside of the block changes, nor do mode and owner. Read and written as bytes, one to a character. Immutable.
 *
 * @param file as it was named; symbolic links are followed
 * @param text its whole content
 */
record HostsFile(Path file, String text) {

    static final String BEGIN = "# portway: begin (kept by ./proxy hosts)";
    static final String END = "# portway: end";

    private static final String BEGINS_WITH = "# portway: begin";

    HostsFile {
        requireNonNull(file, "file");
        requireNonNull(text, "text");
    }

    /** The one of this system. */
    static Path ofSystem() {
        String root = System.getenv("SystemRoot");
        return root == null || !System.getProperty("os.name").startsWith("Windows")
                ? Path.of("/etc/hosts")
                : Path.of(root, "System32", "drivers", "etc", "hosts");
    }

    static HostsFile read(Path file) throws IOException {
        return new HostsFile(file, Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    /** Every name that stands in it, lower case. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        text.lines().forEach(line -> {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
            for (int i = 1; i < words.length; i++) {
                names.add(words[i].toLowerCase(Locale.ROOT));
            }
        });
        return names;
    }

    /** The lines that the block has for {@code names}: both loopback addresses for each. */
    static List<String> lines(Collection<String> names) {
        return names.stream()
                .flatMap(name -> List.of("127.0.0.1 " + name, "::1 " + name).stream())
                .toList();
    }

    /** The same with a block for {@code names}, in the place of the one before; without any where there are none. */
    HostsFile with(Collection<String> names) {
        String newline = text.contains("\r\n") ? "\r\n" : "\n";
        String block =
                names.isEmpty() ? "" : BEGIN + newline + String.join(newline, lines(names)) + newline + END + newline;
        int begin = lineStart(BEGINS_WITH, 0);
        if (begin < 0) {
            boolean open = !text.isEmpty() && !text.endsWith("\n");
            return block.isEmpty() ? this : new HostsFile(file, text + (open ? newline : "") + block);
        }
        int end = lineStart(END, begin);
        if (end < 0) {
            throw new CommandFailure(
                    file + " has a line \"" + BEGIN + "\" and none \"" + END + "\" after it",
                    List.of("put that line where the block ends, or remove the first; nothing was changed"));
        }
        int after = text.indexOf('\n', end);
        return new HostsFile(file, text.substring(0, begin) + block + (after < 0 ? "" : text.substring(after + 1)));
    }

    private int lineStart(String prefix, int from) {
        int at = text.indexOf(prefix, from);
        while (at > 0 && text.charAt(at - 1) != '\n') {
            at = text.indexOf(prefix, at + 1);
        }
        return at;
    }

    /**
     * Puts this in the place of what the file holds, whole or not at all. Where the system does not let the file be replaced
     * (one that is mounted by itself, as in containers), it is written in place.
     */
    void write() throws IOException {
        Path real = file.toRealPath();
        byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
        Path beside = real.resolveSibling(
                "." + real.getFileName() + ".portway-" + ProcessHandle.current().pid());
        try {
            writeAll(beside, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            copyOwnerAndMode(real, beside);
            Files.move(beside, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException notReplaceable) {
            Files.deleteIfExists(beside);
            writeAll(real, content, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        }
    }

    private static void writeAll(Path target, byte[] content, StandardOpenOption... options) throws IOException {
        try (FileChannel channel = FileChannel.open(target, options)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private static void copyOwnerAndMode(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes had = Files.readAttributes(from, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        view.setOwner(had.owner());
        view.setGroup(had.group());
        view.setPermissions(had.permissions());
    }
}
