package dev.portway.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes routes from a running proxy, and from its file. */
@Command(
        name = "remove",
        aliases = "rm",
        description = "Remove routes: at once, and from the file; leased ones too, whoever has them.",
        sortOptions = false)
final class RouteRemoveCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(names = "--json", description = "Print the ids as a JSON array, for scripts.")
    private boolean json;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "Their ids, as route list says them.")
    private List<String> ids = List.of();

    RouteRemoveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        for (String id : ids) {
            admin.ask(terminal, client -> {
                client.routes().delete(id);
                return id;
            });
            if (terminal.interactive() && !json) {
                terminal.out().println("removed " + Table.plain(id));
            }
        }
        if (json) {
            terminal.out().println(JsonOutput.of(ids));
        }
        return CommandLineTool.FINE;
    }
}
