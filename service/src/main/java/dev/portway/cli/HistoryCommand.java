package dev.portway.cli;

import dev.portway.api.ChangeView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the last changes of a running proxy's file. */
@Command(
        name = "history",
        description = "List the last changes of a running proxy's file, the latest first.",
        sortOptions = false)
final class HistoryCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(names = "--json", description = "Print them as a JSON array, for scripts.")
    private boolean json;

    HistoryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<ChangeView> changes = admin.ask(terminal, client -> client.history());
        if (json) {
            terminal.out().println(JsonOutput.of(changes));
            return CommandLineTool.FINE;
        }
        if (changes.isEmpty() && terminal.interactive()) {
            terminal.out().println("no changes yet");
            return CommandLineTool.FINE;
        }
        Table table = Table.of("CHANGE", "AT", "BY", "WHAT");
        changes.forEach(change -> table.row(
                String.valueOf(change.number()),
                change.at().toString(),
                change.by() == null ? "-" : change.by(),
                change.summary() + (change.undoneBy() == null ? "" : " (taken back by " + change.undoneBy() + ")")));
        table.print(terminal);
        return CommandLineTool.FINE;
    }
}
