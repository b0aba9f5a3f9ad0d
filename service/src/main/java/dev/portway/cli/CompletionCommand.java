package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete the commands and options. */
@Command(
        name = "completion",
        description = {
            "Print a script that makes a shell complete these commands and their options.",
            "bash: source <(./proxy completion bash)",
            "zsh:  source <(./proxy completion zsh)",
            "fish: ./proxy completion fish | source"
        },
        sortOptions = false)
final class CompletionCommand implements Callable<Integer> {

    /** The shells there is a script for. */
    static final class Shells extends ArrayList<String> {

        @Serial
        private static final long serialVersionUID = 1;

        Shells() {
            super(List.of("bash", "zsh", "fish"));
        }
    }

    private final Terminal terminal;
    private final Supplier<CommandLine> commands;

    @Parameters(paramLabel = "SHELL", completionCandidates = Shells.class, description = "bash, zsh or fish.")
    private String shell = "";

    @Spec
    private @Nullable CommandSpec spec;

    /** @param commands gives all that there are */
    CompletionCommand(Terminal terminal, Supplier<CommandLine> commands) {
        this.terminal = terminal;
        this.commands = commands;
    }

    @Override
    public Integer call() {
        CommandLine all = commands.get();
        terminal.out()
                .print(
                        switch (shell) {
                            case "bash", "zsh" -> AutoComplete.bash(ProxyCommand.NAME, all);
                            case "fish" -> FishCompletion.of(ProxyCommand.NAME, all);
                            default ->
                                throw new ParameterException(
                                        requireNonNull(spec, "spec").commandLine(),
                                        "there is no script for '" + shell + "' (expected: bash, zsh or fish)");
                        });
        return CommandLineTool.FINE;
    }
}
