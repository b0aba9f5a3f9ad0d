package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What {@code ./proxy COMMAND} does: parses the arguments, runs the command, and turns what went wrong into a line on
 * stderr and an exit status. Confined to the thread that runs it.
 */
public final class CommandLineTool {

    /** Done. */
    public static final int FINE = 0;

    /** Understood, and not done. */
    public static final int FAILED = 1;

    /** Not understood. */
    public static final int USED_WRONGLY = 2;

    private static final String DEBUG = "PORTWAY_DEBUG";

    private final Terminal terminal;
    private final CommandLine commands;

    public CommandLineTool(ProxyStarter starter, Terminal terminal) {
        requireNonNull(starter, "starter");
        this.terminal = requireNonNull(terminal, "terminal");
        commands = new CommandLine(new ProxyCommand())
                .addSubcommand(new StartCommand(starter, terminal))
                .addSubcommand(new ValidateCommand(terminal))
                .addSubcommand(new DemoCommand(starter, terminal))
                .addSubcommand(new ConvertCommand(terminal))
                .addSubcommand(new ServerCommand(starter, terminal))
                .addSubcommand(new WarmUpCommand(starter, terminal))
                .addSubcommand(new CommandLine.HelpCommand());
        commands.getCommandSpec()
                .addOption(flag("--version", "Print the version and exit.")
                        .versionHelp(true)
                        .build());
        giveHelp(commands);
        commands.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(terminal.interactive())
                .setParameterExceptionHandler((exception, arguments) -> usedWrongly(exception))
                .setExecutionExceptionHandler((exception, command, parsed) -> failed(exception));
    }

    /**
     * Runs one command to its end.
     *
     * @return the exit status: {@link #FINE}, {@link #FAILED} or {@link #USED_WRONGLY}
     */
    public int run(String... arguments) {
        int status = commands.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return status;
    }

    /** {@code --help} everywhere, without the short form, which is the host's. */
    private static void giveHelp(CommandLine command) {
        if (!(command.getCommand() instanceof CommandLine.HelpCommand)) {
            OptionSpec help =
                    flag("--help", "Show this help and exit.").usageHelp(true).build();
            command.getCommandSpec().addOption(help);
        }
        command.getSubcommands().values().stream()
                .distinct()
                .forEach(CommandLineTool::giveHelp); // an alias is the same again
    }

    private static OptionSpec.Builder flag(String name, String description) {
        return OptionSpec.builder(name).type(boolean.class).arity("0").description(description);
    }

    private int usedWrongly(ParameterException exception) {
        CommandLine command = exception.getCommandLine();
        if (command.getCommandName().equals(ProxyCommand.NAME)
                && exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            error("unknown command '" + unmatched.getUnmatched().get(0) + "'");
        } else {
            error(lowerCaseFirst(String.valueOf(exception.getMessage())));
        }
        suggest(exception);
        hint("see: " + command.getCommandSpec().qualifiedName() + " --help");
        return USED_WRONGLY;
    }

    private void suggest(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            List<String> nearest = unmatched.getSuggestions();
            hint("did you mean " + String.join(" or ", nearest.subList(0, Math.min(2, nearest.size()))) + "?");
        }
    }

    private int failed(Exception exception) {
        if (exception instanceof CommandFailure failure) {
            error(String.valueOf(failure.getMessage()));
            failure.hints().forEach(this::hint);
            return FAILED;
        }
        error("unexpected: " + (exception.getMessage() == null ? exception.toString() : exception.getMessage()));
        if (terminal.environment().apply(DEBUG) == null) {
            hint("for the whole story, run it again with " + DEBUG + "=1");
        } else {
            exception.printStackTrace(terminal.err());
        }
        return FAILED;
    }

    private void error(String message) {
        PrintWriter err = terminal.err();
        err.println(commands.getColorScheme().ansi().string("@|bold,red error:|@ ") + message);
    }

    private void hint(String line) {
        terminal.err().println("  " + line);
    }

    private static String lowerCaseFirst(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
