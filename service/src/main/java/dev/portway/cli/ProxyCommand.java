package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds the others; alone it is used wrongly. */
@Command(
        name = ProxyCommand.NAME,
        description = "A reverse proxy that maps names and paths to local ports, and that a script can steer.",
        versionProvider = ProxyCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit status: 0 fine, 1 failed, 2 used wrongly."})
final class ProxyCommand implements Runnable {

    static final String NAME = "proxy";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec self = requireNonNull(spec, "spec");
        throw new ParameterException(self.commandLine(), "A command is missing, for example: start, demo");
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {
                "portway " + number() + " (Java " + Runtime.version().feature() + ")"
            };
        }

        static String number() {
            String packaged = ProxyCommand.class.getPackage().getImplementationVersion();
            return packaged == null ? "unpackaged" : packaged;
        }
    }
}
