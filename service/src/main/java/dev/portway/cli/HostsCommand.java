package dev.portway.cli;

import dev.portway.config.RouteConfig;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says which of a configuration's names the hosts file must have, and puts them there. */
@Command(
        name = "hosts",
        description = {
            "Say which names of the configuration the system's hosts file must have.",
            "Names that end in .localhost need no entry; a wildcard can have none."
        },
        sortOptions = false)
final class HostsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ConfigFileOption config = new ConfigFileOption();

    @Option(
            names = "--write",
            description = "Put them into the hosts file, in a block of their own that is kept apart.")
    private boolean write;

    @Option(names = "--remove", description = "Take that block out of the hosts file; no configuration is read.")
    private boolean remove;

    @Option(names = "--file", paramLabel = "HOSTS", description = "Another hosts file than the system's.")
    private @Nullable Path other;

    @Option(names = "--json", description = "Print one JSON object to stdout, for scripts.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    HostsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (write && remove && spec != null) {
            throw new ParameterException(spec.commandLine(), "--write and --remove contradict each other");
        }
        Path file = other == null
                ? HostsFile.ofSystem()
                : terminal.directory().resolve(other).normalize();
        HostsFile hosts = read(file);
        if (remove) {
            change(hosts, hosts.with(List.of()), "removed the block from ");
            return CommandLineTool.FINE;
        }
        ReadFile read = ReadFile.of(config.choose(terminal), terminal);
        read.printProblems(terminal);
        Names names = Names.of(read.usable().routes());
        if (write) {
            change(
                    hosts,
                    hosts.with(names.needed()),
                    "wrote " + Count.of(names.needed().size(), "name") + " to ");
            names.impossible().forEach(this::sayImpossible);
            return CommandLineTool.FINE;
        }
        Set<String> present = hosts.names();
        List<String> missing =
                names.needed().stream().filter(name -> !present.contains(name)).toList();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("file", file.toString());
            all.put("needed", names.needed());
            all.put("missing", missing);
            all.put("needless", names.needless());
            all.put("impossible", names.impossible());
            terminal.out().println(JsonOutput.of(all));
            return CommandLineTool.FINE;
        }
        HostsFile.lines(names.needed()).forEach(terminal.out()::println);
        names.impossible().forEach(this::sayImpossible);
        if (terminal.interactive()) {
            explain(names, missing, file);
        }
        return CommandLineTool.FINE;
    }

    private void explain(Names names, List<String> missing, Path file) {
        if (!names.needless().isEmpty()) {
            terminal.out().println("no entry needed: " + String.join(", ", names.needless()));
        }
        if (names.needed().isEmpty()) {
            return;
        }
        terminal.out()
                .println(
                        missing.isEmpty()
                                ? "all of these are in " + file
                                : Count.of(missing.size(), "name") + " missing in " + file
                                        + "; to put them there: sudo ./proxy hosts --write");
    }

    private void sayImpossible(String wildcard) {
        terminal.err()
                .println(wildcard
                        + " cannot be in a hosts file, which has no wildcards: name the hosts one by one, or use "
                        + "*.localhost");
    }

    private void change(HostsFile before, HostsFile after, String done) {
        if (after.text().equals(before.text())) {
            say("nothing to change in " + before.file());
            return;
        }
        try {
            after.write();
        } catch (AccessDeniedException denied) {
            throw new CommandFailure(
                    before.file() + " may not be written by this user",
                    List.of("run it as one who may: sudo ./proxy hosts " + (remove ? "--remove" : "--write")));
        } catch (IOException failed) {
            throw new CommandFailure(before.file() + " could not be written: " + failed.getMessage());
        }
        say(done + before.file());
    }

    private void say(String line) {
        if (json) {
            return;
        }
        terminal.out().println(line);
    }

    private static HostsFile read(Path file) {
        try {
            return HostsFile.read(file);
        } catch (NoSuchFileException missing) {
            throw new CommandFailure(file + " does not exist");
        } catch (IOException unreadable) {
            throw new CommandFailure(file + " cannot be read: " + unreadable.getMessage());
        }
    }

    /**
     * The hosts of routes, by what a hosts file is to them. Immutable.
     *
     * @param needed those that nothing else resolves to this machine
     * @param needless those that are this machine's anyway
     * @param impossible wildcards that no hosts file can have
     */
    record Names(List<String> needed, List<String> needless, List<String> impossible) {

        static Names of(Collection<RouteConfig> routes) {
            Set<String> needed = new TreeSet<>();
            Set<String> needless = new TreeSet<>();
            Set<String> impossible = new TreeSet<>();
            routes.stream().flatMap(route -> route.host().stream()).forEach(host -> {
                if (isOfThisMachine(host)) {
                    needless.add(host);
                } else if (host.startsWith("*.")) {
                    impossible.add(host);
                } else {
                    needed.add(host);
                }
            });
            return new Names(new ArrayList<>(needed), new ArrayList<>(needless), new ArrayList<>(impossible));
        }

        /** Whether browsers and resolvers take it for this machine without being told (RFC 6761), or it is an address. */
        static boolean isOfThisMachine(String host) {
            return host.equals("localhost")
                    || host.endsWith(".localhost")
                    || host.indexOf(':') >= 0
                    || host.matches("[0-9.]+");
        }
    }
}
