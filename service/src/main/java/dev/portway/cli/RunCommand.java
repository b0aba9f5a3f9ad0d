package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import dev.portway.api.Route;
import dev.portway.client.ConflictException;
import dev.portway.client.Lease;
import dev.portway.client.LeaseListener;
import dev.portway.client.PortwayClient;
import dev.portway.client.PortwayException;
import dev.portway.client.UnreachableException;
import dev.portway.config.RouteId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a command behind a name: the route is there while the command listens, and no longer. */
@Command(
        name = "run",
        description = {
            "Run a command behind a name of its own, for as long as it runs.",
            "It finds a free port in PORT, an address to listen on in HOST, and what to open in PORTWAY_URL.",
            "For example: ./proxy run --host web.localhost -- npm run dev"
        },
        footer = {
            "",
            "The exit status is that of the command; 127 if there is none of that name, 126 if it cannot be run, 128 and the "
                    + "number of the signal that ended it."
        },
        sortOptions = false)
final class RunCommand implements Callable<Integer> {

    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration ELSEWHERE_AFTER = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 50;
    private static final URI USUAL = URI.create("http://localhost:8080");

    private final Terminal terminal;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(
            names = "--host",
            paramLabel = "PLACE",
            required = true,
            description = "What it is reached by: web.localhost, or web.localhost/api.")
    private String host = "";

    @Option(names = "--id", paramLabel = "ID", description = "The id of its route; made of host and path without it.")
    private @Nullable String id;

    @Option(names = "--port", paramLabel = "PORT", description = "The port it is to listen on; a free one without it.")
    private int port;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command, after --, with its arguments.")
    private List<String> command = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    private @Nullable Lease lease;
    private boolean told;

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Place place = place();
        String name = id == null
                ? RouteId.of(
                        place.host() == null ? List.of() : List.of(place.host()),
                        place.path() == null ? "/" : place.path())
                : id;
        int given = port == 0 ? PortCheck.freePort(0) : port;
        try (PortwayClient client =
                admin.client(terminal, "run-" + ProcessHandle.current().pid())) {
            String url = place.url(listener(client));
            try (RunningChild child = RunningChild.start(command, given, url)) {
                hold(client, child, place, name, given, url);
                return child.awaitEnd();
            } finally {
                if (lease != null) {
                    lease.close();
                }
            }
        } catch (RunningChild.NotStarted failed) {
            say(failed.getMessage());
            return failed.status();
        }
    }

    /** Where the proxy listens. One that cannot be reached may come later; one that refuses will go on refusing. */
    private URI listener(PortwayClient client) {
        try {
            return client.listeners().stream().findFirst().orElse(USUAL);
        } catch (UnreachableException notYet) {
            say(notYet.getMessage() + " The command runs all the same; its route comes as soon as the proxy is there.");
            told = true;
            return USUAL;
        } catch (PortwayException refused) {
            throw AdminOption.failure(refused);
        }
    }

    /** Waits until it listens, then leases the route; returns early where it ends before. */
    private void hold(PortwayClient client, RunningChild child, Place place, String name, int given, String url)
            throws InterruptedException {
        Optional<Integer> listens = awaitPort(child, given);
        while (listens.isPresent() && child.alive()) {
            Route.Builder route = Route.builder().id(name).target(listens.get());
            if (place.host() != null) {
                route.host(place.host());
            }
            if (place.path() != null) {
                route.path(place.path());
            }
            try {
                lease = client.routes().lease(route.build(), TTL, new Teller());
                if (terminal.interactive() || told) {
                    say(url + " is " + command.get(0) + " on port " + listens.get());
                }
                return;
            } catch (UnreachableException notYet) {
                if (!told) {
                    say(notYet.getMessage());
                    told = true;
                }
                child.awaitEnd(RETRY);
            } catch (ConflictException taken) {
                if (!told) {
                    say(taken.getMessage() + " The route comes as soon as the id is free.");
                    told = true;
                }
                child.awaitEnd(RETRY);
            } catch (PortwayException refused) {
                say("no route for " + place.words() + ": " + refused.getMessage());
                return;
            }
        }
    }

    private Optional<Integer> awaitPort(RunningChild child, int given) throws InterruptedException {
        long begin = System.nanoTime();
        boolean said = false;
        while (child.alive()) {
            if (PortCheck.listens(given)) {
                return Optional.of(given);
            }
            if (System.nanoTime() - begin > ELSEWHERE_AFTER.toNanos()) {
                Set<Integer> others = child.ports();
                if (others.size() == 1) {
                    int other = others.iterator().next();
                    say("the command does not use PORT=" + given + " and listens on " + other
                            + "; the route goes there");
                    return Optional.of(other);
                }
                if (others.size() > 1 && !said) {
                    say("the command does not use PORT=" + given + " and listens on " + others
                            + "; to say which is meant: --port PORT");
                    said = true;
                }
            }
            child.awaitEnd(Duration.ofMillis(POLL_MILLIS));
        }
        return Optional.empty();
    }

    private Place place() {
        if (port < 0 || port > 65_535) {
            throw wrong(port + " is not a port (expected: 1..65535)");
        }
        try {
            return Place.parse(host);
        } catch (IllegalArgumentException noPlace) {
            throw wrong(String.valueOf(noPlace.getMessage()));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(requireNonNull(spec, "spec").commandLine(), message);
    }

    private void say(@Nullable String line) {
        terminal.err().println("proxy: " + Table.plain(String.valueOf(line)));
    }

    /** Says when the route is lost, and when it is back. */
    private final class Teller implements LeaseListener {

        @Override
        public void failed(Lease lost, PortwayException failure) {
            say(failure.getMessage());
        }

        @Override
        public void restored(Lease back) {
            say("the route is back");
        }
    }
}
