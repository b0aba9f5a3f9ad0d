package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import dev.portway.config.Suggestion;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
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
    private final CommandTree tree;

    public CommandLineTool(ProxyStarter starter, Terminal terminal) {
        requireNonNull(starter, "starter");
        this.terminal = requireNonNull(terminal, "terminal");
        tree = CommandTree.holding(
                ProxyCommand.NAME,
                ProxyCommand::new,
                CommandTree.leaf("start", () -> new StartCommand(starter, terminal)),
                CommandTree.leaf("validate", () -> new ValidateCommand(terminal))
                        .alsoCalled("check"),
                CommandTree.leaf("demo", () -> new DemoCommand(starter, terminal)),
                CommandTree.leaf("convert", () -> new ConvertCommand(terminal)),
                CommandTree.holding(
                        "route",
                        RouteCommand::new,
                        CommandTree.leaf("list", () -> new RouteListCommand(terminal)),
                        CommandTree.leaf("add", () -> new RouteAddCommand(terminal)),
                        CommandTree.leaf("show", () -> new RouteShowCommand(terminal)),
                        CommandTree.leaf("remove", () -> new RouteRemoveCommand(terminal))
                                .alsoCalled("rm"),
                        CommandTree.leaf("undo", () -> new RouteUndoCommand(terminal))),
                CommandTree.leaf("history", () -> new HistoryCommand(terminal)),
                CommandTree.leaf("run", () -> new RunCommand(terminal)),
                CommandTree.leaf("explain", () -> new ExplainCommand(terminal)),
                CommandTree.leaf("status", () -> new StatusCommand(terminal)),
                CommandTree.leaf("logs", () -> new LogsCommand(terminal)),
                CommandTree.leaf("hosts", () -> new HostsCommand(terminal)),
                CommandTree.leaf("doctor", () -> new DoctorCommand(terminal)),
                CommandTree.leaf("completion", () -> new CompletionCommand(terminal, this::model)),
                CommandTree.leaf("server", () -> new ServerCommand(starter, terminal)),
                CommandTree.leaf("warm-up", () -> new WarmUpCommand(starter, terminal)),
                CommandTree.leaf(CommandTree.HELP, CommandLine.HelpCommand::new));
    }

    /**
     * Runs one command to its end.
     *
     * @return the exit status: {@link #FINE}, {@link #FAILED} or {@link #USED_WRONGLY}, or that of the command that
     *     {@code run} ran
     */
    public int run(String... arguments) {
        CommandLine commands = model(arguments);
        commands.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(terminal.interactive())
                .setParameterExceptionHandler((exception, given) -> usedWrongly(exception))
                .setExecutionExceptionHandler((exception, command, parsed) -> failed(exception));
        CommandLine run = commands.getSubcommands().get("run");
        if (run != null) {
            run.setStopAtPositional(true); // what follows is its command's
        }
        int status = commands.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return status;
    }

    private CommandLine model(String... arguments) {
        CommandLine commands = tree.build(arguments);
        commands.getCommandSpec()
                .addOption(OptionSpec.builder("--version")
                        .type(boolean.class)
                        .arity("0")
                        .description("Print the version and exit.")
                        .versionHelp(true)
                        .build());
        return commands;
    }

    private int usedWrongly(ParameterException exception) {
        CommandLine command = exception.getCommandLine();
        if (!command.getSubcommands().isEmpty()
                && exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            String word = unmatched.getUnmatched().get(0);
            error("unknown command '" + Table.plain(word) + "'");
            String meant = Suggestion.nearest(word, visible(command));
            if (meant != null) {
                hint("did you mean " + meant + "?");
            }
        } else {
            error(lowerCaseFirst(Table.plain(String.valueOf(exception.getMessage()))));
            suggest(exception);
        }
        hint("see: " + command.getCommandSpec().qualifiedName() + " --help");
        return USED_WRONGLY;
    }

    private static List<String> visible(CommandLine command) {
        return command.getSubcommands().entrySet().stream()
                .filter(sub -> !sub.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
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
        err.println((terminal.colour() ? Ansi.ON : Ansi.OFF).string("@|bold,red error:|@ ") + message);
    }

    private void hint(String line) {
        terminal.err().println("  " + line);
    }

    private static String lowerCaseFirst(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
