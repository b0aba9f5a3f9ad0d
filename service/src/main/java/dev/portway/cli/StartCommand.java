package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import dev.portway.config.PortwayConfig;
import dev.portway.config.ProxyConfig;
import java.net.BindException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the proxy until it is told to stop. */
@Command(name = "start", description = "Start the proxy and its admin API.", sortOptions = false)
final class StartCommand implements Callable<Integer> {

    private static final int MAX_PORT = 65_535;

    private final ProxyStarter starter;
    private final Terminal terminal;

    @Mixin
    private final ConfigFileOption file = new ConfigFileOption();

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Listen on this port instead of the file's proxy.port; 0 takes a free one.")
    private @Nullable Integer port;

    @Option(
            names = {"-h", "--host"},
            paramLabel = "HOST",
            description = "Listen on this name or address instead of the file's proxy.host.")
    private @Nullable String host;

    @Spec
    private @Nullable CommandSpec spec;

    StartCommand(ProxyStarter starter, Terminal terminal) {
        this.starter = starter;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        refuseOutOfRange();
        ReadFile read = ReadFile.of(file.choose(terminal), terminal);
        read.printProblems(terminal);
        PortwayConfig config = read.usable();
        checkPorts(config.proxy());

        try (RunningProxy proxy = start(read, config)) {
            announce(proxy, read, config.routes().size());
            proxy.awaitStop();
        }
        return CommandLineTool.FINE;
    }

    private RunningProxy start(ReadFile read, PortwayConfig config) throws Exception {
        try {
            return starter.start(new StartRequest(read.file(), read.document(), host, port));
        } catch (Exception exception) {
            if (causedByBinding(exception)) {
                checkPorts(config.proxy());
                throw new CommandFailure(
                        "a port was taken by another process at the same moment", List.of("start it again"));
            }
            throw exception;
        }
    }

    private void checkPorts(ProxyConfig proxy) {
        int proxyPort = port == null ? proxy.port() : port;
        int adminPort = proxy.admin().port();
        if (proxyPort == adminPort && proxyPort != 0) {
            throw new CommandFailure(
                    "port " + proxyPort + " is the admin listener's", List.of("take another port with -p PORT"));
        }
        Optional<CommandFailure> obstacle = PortCheck.obstacle(
                        "proxy.port", host == null ? proxy.host() : host, proxyPort)
                .or(() -> PortCheck.obstacle("proxy.admin.port", proxy.admin().host(), adminPort));
        if (obstacle.isPresent()) {
            throw obstacle.get();
        }
    }

    private void announce(RunningProxy proxy, ReadFile read, int routes) {
        String name = terminal.name(read.file());
        if (!terminal.interactive()) {
            terminal.out()
                    .println("ready: " + proxy.proxyUrl() + ", admin " + proxy.adminUrl() + ", " + name + ", "
                            + Count.of(routes, "route"));
            return;
        }
        terminal.out().println();
        terminal.out().println("  Portway " + ProxyCommand.Version.number() + " is ready; Ctrl-C stops it");
        terminal.out().println();
        terminal.out().println("    proxy  " + proxy.proxyUrl());
        terminal.out().println("    admin  " + proxy.adminUrl());
        terminal.out().println("    file   " + name + ", " + Count.of(routes, "route") + "; saved edits apply at once");
        terminal.out().println();
    }

    private void refuseOutOfRange() {
        if (port != null && (port < 0 || port > MAX_PORT)) {
            CommandSpec self = requireNonNull(spec, "spec");
            throw new ParameterException(self.commandLine(), port + " is not a port (expected: 0.." + MAX_PORT + ")");
        }
    }

    private static boolean causedByBinding(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }
}
