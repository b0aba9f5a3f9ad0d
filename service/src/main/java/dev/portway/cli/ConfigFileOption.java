package dev.portway.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code -c FILE}, and which file is meant without it. */
@Command
final class ConfigFileOption {

    /** What to save where there is no file yet. */
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
            description = "The configuration; without it, the first that exists of portway.json (.yml, .yaml, .toml), "
                    + ".portway.json, .config/portway.json and config.json.")
    private @Nullable Path named;

    /** The file meant, absolute. */
    Path choose(Terminal terminal) {
        if (named != null) {
            return terminal.directory().resolve(named).normalize();
        }
        return terminal.directory().resolve("config.json");
    }
}
