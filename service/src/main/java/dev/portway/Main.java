package dev.portway;

import dev.portway.cli.CommandLineTool;
import dev.portway.cli.Terminal;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one command; see {@code --help}. */
    public static void main(String[] arguments) {
        Terminal terminal = Terminal.ofProcess();
        ApplicationStarter starter = new ApplicationStarter(routes -> Signals.handle(routes, terminal.interactive()));
        System.exit(new CommandLineTool(starter, terminal).run(arguments));
    }
}
