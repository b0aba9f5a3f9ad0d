package dev.portway.cli;

import static java.util.Objects.requireNonNull;

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
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw new ParameterException(
                    requireNonNull(spec, "spec").commandLine(),
                    port + " is not a port (expected: 0.." + MAX_PORT + ")");
        }
        new Launch(starter, terminal, host, port).run(file);
        return CommandLineTool.FINE;
    }
}
