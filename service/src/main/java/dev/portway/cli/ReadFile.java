package dev.portway.cli;

import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigReader;
import dev.portway.config.PortwayConfig;
import dev.portway.config.RouteStore;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file that a command has read. Immutable.
 *
 * @param file absolute
 * @param document what it says
 * @param name the file as a person in the terminal's directory would name it
 */
record ReadFile(Path file, ConfigDocument document, String name) {

    /** Reads {@code file}, or says why it cannot be read. */
    static ReadFile of(Path file, Terminal terminal) {
        return read(file, terminal, new ConfigReader(terminal.environment()), false);
    }

    /** The same to start with: what a process that was killed while writing left behind is cleared up first. */
    static ReadFile recovered(Path file, Terminal terminal, @Nullable String host, @Nullable Integer port) {
        return read(file, terminal, new ConfigReader(terminal.environment()).overriding(host, port), true);
    }

    private static ReadFile read(Path file, Terminal terminal, ConfigReader reader, boolean recover) {
        String name = terminal.name(file);
        if (Files.isDirectory(file)) {
            throw new CommandFailure(name + " is a directory (expected: a configuration file)");
        }
        if (!Files.exists(file)) {
            throw new CommandFailure(name + " does not exist", ConfigFileOption.EXAMPLE);
        }
        try {
            RouteStore store = new RouteStore(file, reader);
            if (recover) {
                store.recover();
            }
            return new ReadFile(file, store.read(), name);
        } catch (AccessDeniedException denied) {
            throw new CommandFailure(name + " may not be read by this user");
        } catch (IOException unreadable) {
            throw new CommandFailure(name + " cannot be read: " + unreadable.getMessage());
        }
    }

    /** Prints what is wrong or doubtful, one line each, to stderr. */
    void printProblems(Terminal terminal) {
        document.read().problems().forEach(p -> terminal.err().println(p.describe(name)));
    }

    /** The configuration, or a failure that counts the errors already printed. */
    PortwayConfig usable() {
        PortwayConfig config = document.read().config();
        if (config == null) {
            int errors = document.read().errors().size();
            throw new CommandFailure(name + " has " + Count.of(errors, "error"));
        }
        return config;
    }
}
