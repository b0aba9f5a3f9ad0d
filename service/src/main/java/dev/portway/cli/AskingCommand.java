package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import dev.portway.client.PortwayClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A command that asks a running proxy for something and shows it: to people as the command knows to, to scripts as JSON.
 *
 * @param <T> what it asks for
 */
abstract class AskingCommand<T> implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(names = "--json", description = "Print it as JSON, for scripts.")
    private boolean json;

    AskingCommand(Terminal terminal) {
        this.terminal = requireNonNull(terminal, "terminal");
    }

    /** Asks for it. */
    abstract T ask(PortwayClient client);

    /** Shows it to people. */
    abstract void show(T answer);

    @Override
    public final Integer call() {
        T answer = admin.ask(terminal, this::ask);
        if (json) {
            terminal.out().println(JsonOutput.of(answer));
        } else {
            show(answer);
        }
        return CommandLineTool.FINE;
    }

    Terminal terminal() {
        return terminal;
    }

    void say(String line) {
        terminal.out().println(line);
    }
}
