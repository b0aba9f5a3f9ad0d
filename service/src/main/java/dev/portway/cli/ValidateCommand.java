package dev.portway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.portway.config.Problem;
import dev.portway.config.ReadResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says everything that is wrong with a configuration; starts nothing. */
@Command(
        name = "validate",
        aliases = "check",
        description = "Say everything that is wrong with a configuration, and start nothing.",
        sortOptions = false)
final class ValidateCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ConfigFileOption file = new ConfigFileOption();

    @Option(names = "--json", description = "Print one JSON object to stdout, for scripts.")
    private boolean json;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The configuration, the same as -c FILE.")
    private @Nullable Path named;

    ValidateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        ReadFile read = ReadFile.of(file.or(named).choose(terminal), terminal);
        ReadResult result = read.document().read();
        if (json) {
            terminal.out()
                    .println(new ObjectMapper()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsString(Report.of(read)));
            return result.config() == null ? CommandLineTool.FAILED : CommandLineTool.FINE;
        }
        read.printProblems(terminal);
        int routes = read.usable().routes().size();
        int warnings = result.warnings().size();
        terminal.out()
                .println("ok: " + Count.of(routes, "route")
                        + (warnings == 0 ? "" : ", " + Count.of(warnings, "warning")));
        return CommandLineTool.FINE;
    }

    private record Report(String file, boolean valid, int routes, List<Finding> problems) {

        static Report of(ReadFile read) {
            ReadResult result = read.document().read();
            return new Report(
                    read.file().toString(),
                    result.config() != null,
                    result.routes().size(),
                    result.problems().stream().map(Finding::of).toList());
        }
    }

    private record Finding(
            String severity, String pointer, @Nullable String value, String message, int line, int column) {

        static Finding of(Problem problem) {
            return new Finding(
                    problem.severity().name().toLowerCase(Locale.ROOT),
                    problem.pointer(),
                    problem.value(),
                    problem.message(),
                    problem.line(),
                    problem.column());
        }
    }
}
