package dev.portway.cli;

import dev.portway.api.ExplainRequest;
import dev.portway.api.ExplainView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says which route a request would take, and why no other. */
@Command(
        name = "explain",
        description = "Say which route a request would take, why the others would not, and what would be sent where; "
                + "send nothing.",
        sortOptions = false)
final class ExplainCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "GET without it.")
    private String method = "GET";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME=VALUE",
            description = "A header of the request, as often as you like.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print one JSON object, for scripts.")
    private boolean json;

    @Parameters(paramLabel = "URL", description = "As it would be opened: api.localhost/v1, or /v1 for no host.")
    private String url = "";

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String whole = url.startsWith("/") || url.contains("://") ? url : "http://" + url;
        ExplainView view = admin.ask(terminal, client -> client.explain(new ExplainRequest(whole, method, headers)));
        if (json) {
            terminal.out().println(JsonOutput.of(view));
            return CommandLineTool.FINE;
        }
        String asked = (view.host().isEmpty() ? "" : view.host()) + view.path();
        say(
                view.route() == null
                        ? asked + " takes no route, and there is no default: 404"
                        : asked + " takes " + terminal.bold(Table.plain(view.route())));
        if (view.mistakenFor() != null) {
            say("  refused with 400: a backend may take the path for that of " + Table.plain(view.mistakenFor()));
        }
        view.destinations()
                .forEach(to -> say("  sends " + Table.plain(to.url()) + "  Host: " + Table.plain(to.host())
                        + (to.candidate() ? "" : "  (not at the moment)")));
        if (!view.passedOver().isEmpty()) {
            say("passed over:");
            Table others = Table.of("ROUTE", "BECAUSE");
            view.passedOver().forEach(other -> others.row(other.route(), other.because()));
            others.print(terminal);
        }
        return CommandLineTool.FINE;
    }

    private void say(String line) {
        terminal.out().println(line);
    }
}
