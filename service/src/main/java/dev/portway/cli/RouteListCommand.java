package dev.portway.cli;

import dev.portway.api.Route;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the routes of a running proxy. */
@Command(name = "list", description = "List the routes: of the file, and leased ones.", sortOptions = false)
final class RouteListCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(names = "--json", description = "Print them as a JSON array, for scripts.")
    private boolean json;

    RouteListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Route> routes = admin.ask(terminal, client -> client.routes().list());
        if (json) {
            terminal.out().println(JsonOutput.of(routes));
            return CommandLineTool.FINE;
        }
        if (routes.isEmpty() && terminal.interactive()) {
            terminal.out().println("no routes yet; to add one: ./proxy route add app.localhost 3000");
            return CommandLineTool.FINE;
        }
        Table table = Table.of("ID", "FOR", "TO", "STATUS", "FROM");
        routes.forEach(route -> table.row(
                route.id(),
                RouteWords.places(route),
                RouteWords.targets(route),
                route.status(),
                RouteWords.source(route)));
        table.print(terminal);
        return CommandLineTool.FINE;
    }
}
