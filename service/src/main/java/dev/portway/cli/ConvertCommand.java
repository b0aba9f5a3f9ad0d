package dev.portway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes a configuration in another language. */
@Command(name = "convert", description = "Write a configuration as JSON, YAML or TOML.", sortOptions = false)
final class ConvertCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ConfigFileOption file = new ConfigFileOption();

    ConvertCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ReadFile.of(file.choose(terminal), terminal);
        throw new CommandFailure("not yet");
    }
}
