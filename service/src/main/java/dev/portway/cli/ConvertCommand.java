package dev.portway.cli;

import dev.portway.config.ConfigConverter;
import dev.portway.config.ConfigFormat;
import dev.portway.config.ConversionException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a configuration in another language. */
@Command(
        name = "convert",
        description = {
            "Write a configuration as JSON, YAML or TOML.",
            "Keeps the order of the keys and every ${NAME}; comments are not carried over."
        },
        sortOptions = false)
final class ConvertCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ConfigFileOption file = new ConfigFileOption();

    @Option(
            names = "--to",
            paramLabel = "LANGUAGE",
            description = "json, yaml or toml; without it, what the name of OUT says, or json.")
    private @Nullable ConfigFormat to;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "OUT",
            description = "The file to write; stdout without it.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace OUT if it exists.")
    private boolean force;

    ConvertCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        ReadFile read = ReadFile.of(file.choose(terminal), terminal);
        String converted = convert(read);
        if (out == null) {
            terminal.out().print(converted);
            return CommandLineTool.FINE;
        }
        Path target = terminal.directory().resolve(out).normalize();
        write(target, converted);
        if (terminal.interactive()) {
            terminal.out().println("wrote " + terminal.name(target));
        }
        return CommandLineTool.FINE;
    }

    private String convert(ReadFile read) {
        try {
            return ConfigConverter.convert(
                    read.document().text(), read.document().format(), language());
        } catch (ConversionException refused) {
            refused.problems().forEach(problem -> terminal.err().println(problem.describe(read.name())));
            throw new CommandFailure(read.name() + " cannot be converted");
        }
    }

    private ConfigFormat language() {
        if (to != null) {
            return to;
        }
        return out == null ? ConfigFormat.JSON : ConfigFormat.of(out);
    }

    private void write(Path target, String text) throws IOException {
        OpenOption[] options = force
                ? new OpenOption[] {
                    StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
                }
                : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        try {
            Files.writeString(target, text, options);
        } catch (FileAlreadyExistsException exists) {
            throw new CommandFailure(
                    terminal.name(target) + " exists", List.of("--force replaces it, -o OUT takes another name"));
        } catch (NoSuchFileException noFolder) {
            throw new CommandFailure("the folder of " + terminal.name(target) + " does not exist");
        }
    }
}
