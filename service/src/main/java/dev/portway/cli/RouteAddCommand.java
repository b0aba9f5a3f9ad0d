package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portway.api.Route;
import dev.portway.client.PortwayClient;
import dev.portway.config.WrittenDuration;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds a route to a running proxy, and to its file. */
@Command(
        name = "add",
        description = {
            "Add a route, for the next request and in the file.",
            "For example: ./proxy route add api.localhost/v1 3001"
        },
        sortOptions = false)
final class RouteAddCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(names = "--id", paramLabel = "ID", description = "Its id; made of host and path without it.")
    private @Nullable String id;

    @Option(names = "--path", paramLabel = "PREFIX", description = "The same as a path behind the host.")
    private @Nullable String path;

    @Option(
            names = "--set",
            paramLabel = "KEY=JSON",
            description = "Any other key of a route, as often as you like: --set health={\"path\":\"/up\"}")
    private Map<String, String> more = new LinkedHashMap<>();

    @Option(names = "--replace", description = "Replace the route of that id if there is one; --id is needed.")
    private boolean replace;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description =
                    "Lease it for so long: never in the file, and gone then unless it is added again; such as 30s.")
    private @Nullable String ttl;

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            description = "Whose lease it is, " + AdminOption.OWNER + " without it; another owner cannot take it.")
    private @Nullable String owner;

    @Option(names = "--json", description = "Print the route as a JSON object, for scripts.")
    private boolean json;

    @Parameters(
            index = "0",
            paramLabel = "PLACE",
            description = "What it is for: api.localhost, api.localhost/v1, \"*.api.localhost\" or /v1.")
    private String place = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "TARGET",
            description = "Where it goes: a port, or a URL. Several share the requests.")
    private List<String> targets = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    RouteAddCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Route route = route();
        if (replace && route.id().isEmpty()) {
            throw wrong("--replace needs --id");
        }
        if (replace && ttl != null) {
            throw wrong("--replace is for a route of the file, and --ttl for none");
        }
        if (owner != null && ttl == null) {
            throw wrong("--owner needs --ttl");
        }
        Duration lease = ttl == null ? null : time(ttl);
        Added added =
                admin.ask(terminal, owner == null ? AdminOption.OWNER : owner, client -> add(client, route, lease));
        String url = RouteWords.url(added.route(), added.listeners()).orElse("");
        if (json) {
            Map<String, @Nullable Object> all =
                    new LinkedHashMap<>(added.route().json());
            all.put("url", url);
            terminal.out().println(JsonOutput.of(all));
            return CommandLineTool.FINE;
        }
        terminal.out().println(Table.plain(sentence(added.route(), url)));
        if (terminal.interactive()) {
            added.route().hosts().stream()
                    .filter(host -> !host.startsWith("*.") && !HostsCommand.Names.isOfThisMachine(host))
                    .forEach(host -> terminal.err()
                            .println("  " + Table.plain(host) + " needs an entry in the hosts file: sudo ./proxy hosts "
                                    + "--write"));
        }
        return CommandLineTool.FINE;
    }

    /** Both questions are under way at once. */
    private Added add(PortwayClient client, Route route, @Nullable Duration lease) {
        CompletableFuture<List<URI>> listeners = client.listenersAsync();
        Route added;
        if (lease != null) {
            added = client.routes().register(route, lease);
        } else {
            added = replace ? client.routes().put(route) : client.routes().add(route);
        }
        return new Added(added, listeners.join());
    }

    private Duration time(String text) {
        return WrittenDuration.of(text)
                .filter(time -> time.toSeconds() >= 1)
                .orElseThrow(
                        () -> wrong("--ttl " + text + " is no time (expected: such as 30s or 5m, a second at least)"));
    }

    private String sentence(Route added, String url) {
        String what = terminal.interactive() ? (replace ? "put " : "added ") + added.id() + ": " : "";
        return what
                + (url.isEmpty() ? RouteWords.places(added) : url)
                + (terminal.interactive() ? " -> " + RouteWords.targets(added) : "");
    }

    private Route route() {
        Place where;
        try {
            where = Place.parse(place);
        } catch (IllegalArgumentException noPlace) {
            throw wrong(String.valueOf(noPlace.getMessage()));
        }
        Route.Builder route = Route.builder();
        if (id != null) {
            route.id(id);
        }
        if (where.host() != null) {
            route.host(where.host());
        }
        String prefix = path == null ? where.path() : path;
        if (prefix != null) {
            route.path(prefix);
        }
        List<Object> to = targets.stream().map(TargetWords::parse).toList();
        if (to.size() == 1) {
            route.set("target", to.get(0));
        } else {
            route.set("targets", to);
        }
        more.forEach((key, text) -> route.set(key, value(text)));
        return route.build();
    }

    /** JSON where it is some, and a text like any other where it is not. */
    private static @Nullable Object value(String text) {
        try {
            return new ObjectMapper().readValue(text, Object.class);
        } catch (JsonProcessingException justText) {
            return text;
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(requireNonNull(spec, "spec").commandLine(), message);
    }

    private record Added(Route route, List<URI> listeners) {}
}
