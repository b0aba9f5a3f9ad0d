package dev.portway.cli;

import dev.portway.api.Route;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one route of a running proxy. */
@Command(name = "show", description = "Show one route, key by key.", sortOptions = false)
final class RouteShowCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(names = "--effective", description = "With every default, and the rules it has from \"security\".")
    private boolean effective;

    @Option(names = "--json", description = "Print it as a JSON object, for scripts.")
    private boolean json;

    @Parameters(paramLabel = "ID", description = "Its id, as route list says it.")
    private String id = "";

    RouteShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Route route = admin.ask(
                terminal,
                client -> effective
                        ? client.routes().effective(id)
                        : client.routes().get(id));
        if (json) {
            terminal.out().println(JsonOutput.of(route));
            return CommandLineTool.FINE;
        }
        Table table = Table.of("KEY", "VALUE");
        route.json()
                .forEach((key, value) -> table.row(key, value instanceof String text ? text : JsonOutput.line(value)));
        table.print(terminal);
        return CommandLineTool.FINE;
    }
}
