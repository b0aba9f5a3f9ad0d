package dev.portway.cli;

import dev.portway.api.ChangeView;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes back a change of a running proxy's file. */
@Command(
        name = "undo",
        description = "Take back the last change that the admin API made and that holds; again, the one before it.",
        sortOptions = false)
final class RouteUndoCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Parameters(paramLabel = "CHANGE", arity = "0..1", description = "The number of another one, as history says it.")
    private @Nullable Long change;

    @Option(names = "--json", description = "Print the change that this is as a JSON object, for scripts.")
    private boolean json;

    RouteUndoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Long number = change;
        ChangeView made = admin.ask(terminal, client -> number == null ? client.undo() : client.undo(number));
        terminal.out().println(json ? JsonOutput.of(made) : Table.plain(made.summary()));
        return CommandLineTool.FINE;
    }
}
