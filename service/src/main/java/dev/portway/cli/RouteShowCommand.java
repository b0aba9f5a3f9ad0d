package dev.portway.cli;

import dev.portway.api.Route;
import dev.portway.client.PortwayClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one route of a running proxy. */
@Command(name = "show", description = "Show one route, key by key.", sortOptions = false)
final class RouteShowCommand extends AskingCommand<Route> {

    @Option(names = "--effective", description = "With every default, and the rules it has from \"security\".")
    private boolean effective;

    @Parameters(paramLabel = "ID", description = "Its id, as route list says it.")
    private String id = "";

    RouteShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Route ask(PortwayClient client) {
        return effective ? client.routes().effective(id) : client.routes().get(id);
    }

    @Override
    void show(Route route) {
        Table table = Table.of("KEY", "VALUE");
        route.json()
                .forEach((key, value) -> table.row(key, value instanceof String text ? text : JsonOutput.line(value)));
        table.print(terminal());
    }
}
