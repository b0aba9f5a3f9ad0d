package dev.portway.cli;

import dev.portway.api.Route;
import dev.portway.client.PortwayClient;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the routes of a running proxy. */
@Command(name = "list", description = "List the routes: of the file, and leased ones.", sortOptions = false)
final class RouteListCommand extends AskingCommand<List<Route>> {

    RouteListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    List<Route> ask(PortwayClient client) {
        return client.routes().list();
    }

    @Override
    void show(List<Route> routes) {
        if (routes.isEmpty() && terminal().interactive()) {
            say("no routes yet; to add one: ./proxy route add app.localhost 3000");
            return;
        }
        Table table = Table.of("ID", "FOR", "TO", "STATUS", "FROM");
        routes.forEach(route -> table.row(
                route.id(),
                RouteWords.places(route),
                RouteWords.targets(route),
                route.status(),
                RouteWords.source(route)));
        table.print(terminal());
    }
}
