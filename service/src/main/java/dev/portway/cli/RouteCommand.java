package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds those about routes; alone it is used wrongly. */
@Command(
        name = "route",
        description = "List, add, show and remove routes of a running proxy.",
        synopsisSubcommandLabel = "COMMAND")
final class RouteCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                requireNonNull(spec, "spec").commandLine(), "A command is missing, for example: route list");
    }
}
