package dev.portway.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks for what keeps a proxy from working, and says what to do about it. */
@Command(
        name = "doctor",
        description = {
            "Look for what is wrong: listeners and who holds their ports, backends, names, loops, permissions, disk, clock, Java.",
            "Exit status 1 if anything is."
        },
        sortOptions = false)
final class DoctorCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ConfigFileOption config = new ConfigFileOption();

    @Option(names = "--hosts", paramLabel = "HOSTS", description = "Another hosts file than the system's.")
    private @Nullable Path hosts;

    @Option(names = "--json", description = "Print them as a JSON array, for scripts.")
    private boolean json;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ReadFile read = ReadFile.of(config.choose(terminal), terminal);
        Path hostsFile = hosts == null
                ? HostsFile.ofSystem()
                : terminal.directory().resolve(hosts).normalize();
        List<Finding> findings;
        try (Progress progress = Progress.of(terminal, "looking")) {
            progress.start();
            findings = new Examination(terminal, Instant.now().truncatedTo(ChronoUnit.SECONDS), hostsFile).of(read);
        }
        if (json) {
            terminal.out().println(JsonOutput.of(findings));
        } else {
            findings.forEach(this::print);
        }
        return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.WRONG)
                ? CommandLineTool.FAILED
                : CommandLineTool.FINE;
    }

    private void print(Finding finding) {
        String level = switch (finding.level()) {
            case OK -> terminal.green("ok   ");
            case DOUBTFUL -> terminal.yellow("maybe");
            case WRONG -> terminal.red("wrong");
        };
        terminal.out()
                .println(level + "  " + Table.plain(finding.about() + ": " + finding.message())
                        + (finding.remedy().isEmpty() ? "" : "\n       -> " + Table.plain(finding.remedy())));
    }
}
