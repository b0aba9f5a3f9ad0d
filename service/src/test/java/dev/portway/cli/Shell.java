package dev.portway.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A shell in a directory of its own: runs commands inside this process and keeps what they print. */
final class Shell {

    private final Path directory;
    private final ProxyStarter starter;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();
    private boolean interactive;
    private int columns;

    Shell(Path directory, ProxyStarter starter) {
        this.directory = directory;
        this.starter = starter;
    }

    /** One whose commands start nothing. */
    static Shell in(Path directory) {
        return new Shell(directory, request -> {
            throw new IllegalStateException("nothing was to be started");
        });
    }

    Shell interactive() {
        interactive = true;
        return this;
    }

    /** A terminal that is so wide. */
    Shell columns(int width) {
        columns = width;
        return interactive();
    }

    Shell with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs one command and gives its exit status. */
    int run(String... arguments) {
        Terminal terminal = new Terminal(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                interactive,
                false,
                columns,
                environment::get,
                directory);
        return new CommandLineTool(starter, terminal).run(arguments);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
