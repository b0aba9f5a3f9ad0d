package dev.portway;

import dev.portway.cli.CommandLineTool;
import dev.portway.cli.RunningProxy;
import dev.portway.cli.StartRequest;
import dev.portway.cli.Terminal;
import dev.portway.observe.EarlyLog;

/** Where the process begins. Loads nothing of the proxy itself until a command starts one. */
public final class Main {

    private Main() {}

    /** Runs one command; see {@code --help}. */
    public static void main(String[] arguments) {
        EarlyLog.OwnProcess.say();
        Terminal terminal = Terminal.ofProcess();
        System.exit(new CommandLineTool(request -> start(request, terminal), terminal).run(arguments));
    }

    private static RunningProxy start(StartRequest request, Terminal terminal) throws Exception {
        return new ApplicationStarter(routes -> Signals.handle(routes, terminal.interactive())).start(request);
    }
}
