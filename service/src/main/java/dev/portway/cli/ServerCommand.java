package dev.portway.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code start} as those who know Dropwizard type it: {@code java -jar proxy.jar server config.json}. */
@Command(name = "server", description = "The same as start, typed as for any Dropwizard service.", sortOptions = false)
final class ServerCommand implements Callable<Integer> {

    private final ProxyStarter starter;
    private final Terminal terminal;

    @Mixin
    private final ConfigFileOption file = new ConfigFileOption();

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The configuration.")
    private @Nullable Path named;

    ServerCommand(ProxyStarter starter, Terminal terminal) {
        this.starter = starter;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        new Launch(starter, terminal, null, null).run(file.or(named));
        return CommandLineTool.FINE;
    }
}
