package dev.portway.cli;

import dev.portway.config.ConfigSearch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code -c FILE}, and which file is meant without it. */
@Command
final class ConfigFileOption {

    /** What to do where there is no file yet. */
    static final List<String> EXAMPLE = List.of(
            "to begin with, save this as portway.json:",
            "",
            "  {",
            "    \"proxy\": { \"port\": 8080 },",
            "    \"routes\": { \"app.localhost\": 3000 },",
            "    \"default\": { \"target\": null }",
            "  }",
            "",
            "or see it work first: ./proxy demo");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration. Without it, the first that exists of portway.json (or .yml, .yaml, .toml), "
                            + ".portway.json, .config/portway.json and config.json.")
    private @Nullable Path named;

    /** The same, with a file that may have been named as a parameter. */
    ConfigFileOption or(@Nullable Path parameter) {
        if (parameter != null) {
            named = parameter;
        }
        return this;
    }

    /** The file meant, absolute; the other files that could have been meant are named on stderr. */
    Path choose(Terminal terminal) {
        if (named != null) {
            return terminal.directory().resolve(named).normalize();
        }
        ConfigSearch search = ConfigSearch.in(terminal.directory());
        if (search.file() == null) {
            throw nothingFound(terminal.directory());
        }
        if (!search.others().isEmpty()) {
            String others = search.others().stream().map(terminal::name).collect(Collectors.joining(", "));
            terminal.err()
                    .println("using " + terminal.name(search.file()) + ", not " + others + "; -c FILE takes another");
        }
        return search.file();
    }

    private static CommandFailure nothingFound(Path folder) {
        List<String> hints = new ArrayList<>();
        hints.add(
                "looked for portway.json (or .yml, .yaml, .toml), .portway.json, .config/portway.json and config.json");
        hints.addAll(EXAMPLE);
        return new CommandFailure("no configuration file in " + folder, hints);
    }
}
