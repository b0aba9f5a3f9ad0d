package dev.portway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The process that listens on a port. Found as well as the system lets us: on Linux, and for processes this user may
 * look into. Immutable.
 *
 * @param pid its process id
 * @param name its short name; never its command line, which may carry secrets
 */
record PortHolder(long pid, String name) {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    /** Who listens on {@code port}; empty where that cannot be found out. */
    static Optional<PortHolder> of(int port) {
        return of(port, PROC);
    }

    static Optional<PortHolder> of(int port, Path proc) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            addListening(port, proc.resolve(table), sockets);
        }
        return sockets.isEmpty() ? Optional.empty() : owner(sockets, proc);
    }

    /** The ports on which one of these processes listens; empty where that cannot be found out. */
    static Set<Integer> portsOf(Set<Long> pids) {
        Set<String> sockets = new HashSet<>();
        pids.forEach(pid -> addOpen(PROC.resolve(pid + "/fd"), sockets));
        Set<Integer> ports = new TreeSet<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            for (String[] fields : listening(PROC.resolve(table))) {
                if (sockets.contains("socket:[" + fields[INODE] + "]")) {
                    String address = fields[LOCAL_ADDRESS];
                    ports.add(Integer.parseInt(address.substring(address.indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    private static void addOpen(Path descriptors, Set<String> sockets) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
            open.forEach(descriptor -> sockets.add(linkOf(descriptor)));
        } catch (IOException | DirectoryIteratorException endedOrNotLinux) {
            // Then it listens on nothing, as far as we know.
        }
    }

    private static void addListening(int port, Path table, Set<String> sockets) {
        String localPort = String.format(":%04X", port);
        for (String[] fields : listening(table)) {
            if (fields[LOCAL_ADDRESS].endsWith(localPort)) {
                sockets.add("socket:[" + fields[INODE] + "]");
            }
        }
    }

    /** The rows of those that listen; none on other systems than Linux. */
    private static List<String[]> listening(Path table) {
        try {
            return Files.readAllLines(table, StandardCharsets.US_ASCII).stream()
                    .map(line -> line.strip().split("\\s+", INODE + 2))
                    .filter(fields -> fields.length > INODE && fields[STATE].equals(LISTENING))
                    .toList();
        } catch (IOException notLinux) {
            return List.of();
        }
    }

    private static Optional<PortHolder> owner(Set<String> sockets, Path proc) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (holdsOneOf(sockets, process.resolve("fd"))) {
                    return Optional.of(
                            new PortHolder(Long.parseLong(process.getFileName().toString()), nameOf(process)));
                }
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException notReadable) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holdsOneOf(Set<String> sockets, Path descriptors) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : open) {
                if (sockets.contains(linkOf(descriptor))) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException notOurs) {
            return false; // another user's process, or one that just ended
        }
        return false;
    }

    private static String linkOf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException | UnsupportedOperationException closedMeanwhile) {
            return "";
        }
    }

    private static String nameOf(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException ended) {
            return "a process";
        }
    }
}
