package dev.portway.cli;

import dev.portway.api.ExplainRequest;
import dev.portway.api.ExplainView;
import dev.portway.client.PortwayClient;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says which route a request would take, and why no other. */
@Command(
        name = "explain",
        description = "Say which route a request would take, why the others would not, and what would be sent where; "
                + "send nothing.",
        sortOptions = false)
final class ExplainCommand extends AskingCommand<ExplainView> {

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

    @Parameters(paramLabel = "URL", description = "As it would be opened: api.localhost/v1, or /v1 for no host.")
    private String url = "";

    ExplainCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    ExplainView ask(PortwayClient client) {
        String whole = url.startsWith("/") || url.contains("://") ? url : "http://" + url;
        return client.explain(new ExplainRequest(whole, method, headers));
    }

    @Override
    void show(ExplainView view) {
        String asked = (view.host().isEmpty() ? "" : view.host()) + view.path();
        say(
                view.route() == null
                        ? asked + " takes no route, and there is no default: 404"
                        : asked + " takes " + terminal().bold(Table.plain(view.route())));
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
            others.print(terminal());
        }
    }
}
