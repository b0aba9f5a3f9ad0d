package dev.portway;

import dev.portway.cli.CommandLineTool;
import dev.portway.cli.Terminal;
import java.security.Security;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one command; see {@code --help}. */
    public static void main(String[] arguments) {
        // Java's own memory of names would keep a container that moved unfound; NameLookup has the one that counts.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        Terminal terminal = Terminal.ofProcess();
        ApplicationStarter starter = new ApplicationStarter(routes -> Signals.handle(routes, terminal.interactive()));
        System.exit(new CommandLineTool(starter, terminal).run(arguments));
    }
}
