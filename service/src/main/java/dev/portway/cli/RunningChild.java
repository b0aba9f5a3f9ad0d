package dev.portway.cli;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command that runs in the place of this process, as near as one process can stand for another: it has its streams, it
 * gets its signals, and what it ends with is passed on. Thread-safe.
 */
final class RunningChild implements AutoCloseable {

    private static final int NOT_FOUND = 127;
    private static final int NOT_EXECUTABLE = 126;

    /** Sent on to the child, unless the terminal has done so already. */
    private static final List<String> FROM_TERMINALS = List.of("INT", "HUP");

    /** ENOENT, as Java 17 says it ({@code error=2,}) and as Java 25 does ({@code error: 2 }). */
    private static final Pattern NO_SUCH_FILE = Pattern.compile("error(=|: )2\\b");

    private static final List<String> OTHERS = List.of("TERM", "USR1");

    private final Process process;

    private RunningChild(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @throws NotStarted with the exit status that a shell would give
     */
    static RunningChild start(List<String> command, int port, String url) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("PORT", String.valueOf(port));
        builder.environment().put("HOST", "127.0.0.1");
        builder.environment().put("PORTWAY_URL", url);
        // Before it starts, so that no signal ends this process and leaves the child alone.
        CompletableFuture<RunningChild> started = new CompletableFuture<>();
        FROM_TERMINALS.forEach(signal -> onSignal(signal, started, child -> child.sendUnlessTerminalDid(signal)));
        OTHERS.forEach(signal -> onSignal(signal, started, child -> child.send(signal)));
        RunningChild child;
        try {
            child = new RunningChild(builder.start());
        } catch (IOException failed) {
            boolean missing =
                    NO_SUCH_FILE.matcher(String.valueOf(failed.getMessage())).find();
            throw new NotStarted(
                    command.get(0) + (missing ? ": no such command" : ": cannot be run"),
                    missing ? NOT_FOUND : NOT_EXECUTABLE);
        }
        started.complete(child);
        return child;
    }

    private static void onSignal(
            String signal, CompletableFuture<RunningChild> started, Consumer<RunningChild> passOn) {
        ProcessSignals.on(signal, () -> {
            CompletableFuture<Void> unused = started.thenAccept(passOn);
        });
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits until it has ended, and gives its exit status: 128 and the number of the signal where one ended it. */
    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    /** Waits until it has ended, but not longer than that. */
    void awaitEnd(Duration limit) throws InterruptedException {
        process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The ports that it listens on, with its own children; empty where the system does not say. */
    Set<Integer> ports() {
        Set<Long> pids = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
        return PortHolder.portsOf(pids);
    }

    /** A terminal sends Ctrl-C to every process of the foreground: the child has it, and would take a second for impatience. */
    private void sendUnlessTerminalDid(String signal) {
        if (!inForeground()) {
            send(signal);
        }
    }

    private static boolean inForeground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            // After the name, which may hold anything: state, parent, group, session, terminal, group in its
            // foreground.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 7);
            return fields[2].equals(fields[5]);
        } catch (IOException notLinux) {
            return Terminal.readByAPerson();
        }
    }

    private void send(String signal) {
        if (signal.equals("TERM")) {
            process.destroy();
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + process.pid()).start();
        } catch (IOException noShell) {
            process.destroy();
        }
    }

    /** Ends it where it still runs, which it does only if something went wrong here. */
    @Override
    public void close() {
        process.destroy();
    }

    /** Why it did not start. */
    static final class NotStarted extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        private final int status;

        NotStarted(String message, int status) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
