package dev.portway;

import dev.portway.cli.CommandLineTool;
import dev.portway.cli.Terminal;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one command; see {@code --help}. */
    public static void main(String[] arguments) {
        int status = new CommandLineTool(new ApplicationStarter(), Terminal.ofProcess()).run(arguments);
        System.exit(status);
    }
}
