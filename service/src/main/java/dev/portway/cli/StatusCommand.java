package dev.portway.cli;

import dev.portway.api.BackendView;
import dev.portway.api.LeaseView;
import dev.portway.api.ProblemEntry;
import dev.portway.api.ReloadView;
import dev.portway.api.StatusView;
import dev.portway.client.PortwayClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Says how a running proxy does. */
@Command(
        name = "status",
        description =
                "Say how a running proxy does: listeners, routes, leases, backends, the last reading of its file.",
        sortOptions = false)
final class StatusCommand extends AskingCommand<StatusCommand.Answer> {

    private static final int LABEL = 10;
    private static final int LEASES_SHOWN = 10;

    StatusCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Answer ask(PortwayClient client) {
        return new Answer(client.status(), client.backends().list());
    }

    @Override
    void show(Answer answer) {
        StatusView status = answer.status();
        line("portway", status.version() + ", up for " + span(Duration.ofSeconds(status.uptimeSeconds())));
        if (!status.listeners().isEmpty()) {
            line("listens", String.join(", ", status.listeners()));
        }
        line("routes", String.valueOf(status.routes()));
        line(
                "leases",
                status.leases().isEmpty()
                        ? "none"
                        : String.valueOf(status.leases().size()));
        status.leases().stream().limit(LEASES_SHOWN).forEach(this::lease);
        if (status.leases().size() > LEASES_SHOWN) {
            say(" ".repeat(LABEL) + "and " + (status.leases().size() - LEASES_SHOWN)
                    + " that last longer; see: ./proxy route list");
        }
        line("file", reload(status.lastReload()));
        status.lastReload().errors().forEach(this::problem);
        line("answers", responses(status.responses()));
        line("backends", answer.backends().isEmpty() ? "none" : health(answer.backends()));
        answer.backends().stream().filter(StatusCommand::isDown).forEach(this::down);
    }

    private void lease(LeaseView lease) {
        String owner = lease.owner() == null ? "" : " of " + lease.owner();
        say(" ".repeat(LABEL)
                + Table.plain(lease.route() + owner + ", " + span(Duration.ofSeconds(lease.secondsLeft()))
                        + " left, until " + lease.expires()));
    }

    private void down(BackendView backend) {
        String reason = backend.reason() == null ? "" : ": " + backend.reason();
        say(" ".repeat(LABEL) + terminal().red("down") + "  "
                + Table.plain(backend.id() + reason + " (" + String.join(", ", backend.routes()) + ")"));
    }

    private void problem(ProblemEntry problem) {
        say(" ".repeat(LABEL) + terminal().red("error") + " "
                + Table.plain(problem.pointer() + ": " + problem.message()));
    }

    private void line(String label, String text) {
        say(terminal().bold(label) + " ".repeat(LABEL - label.length()) + Table.plain(text));
    }

    private static String reload(ReloadView reload) {
        return reload.applied()
                ? "read at " + reload.at() + ", in force"
                : "has errors since " + reload.at() + ", so the routes before it are in force; see: ./proxy validate";
    }

    private static String responses(Map<String, Long> responses) {
        String counts = responses.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return counts.isEmpty() ? "none yet" : counts;
    }

    private static String health(List<BackendView> backends) {
        return backends.stream()
                .collect(Collectors.groupingBy(BackendView::health, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static boolean isDown(BackendView backend) {
        return backend.health().equals("down");
    }

    /** {@code 3 d 4 h}, {@code 5 min 2 s}. */
    static String span(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    /** What the proxy says of itself, and of its backends. */
    record Answer(StatusView status, List<BackendView> backends) {}
}
