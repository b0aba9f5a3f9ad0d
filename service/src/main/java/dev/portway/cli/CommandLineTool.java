package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

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

    private static final CommandTree TREE = CommandTree.holding(
            ProxyCommand.NAME,
            CommandTree.leaf("start"),
            CommandTree.leaf("validate", "check"),
            CommandTree.leaf("demo"),
            CommandTree.leaf("convert"),
            CommandTree.holding(
                    "route",
                    CommandTree.leaf("list"),
                    CommandTree.leaf("add"),
                    CommandTree.leaf("show"),
                    CommandTree.leaf("remove", "rm"),
                    CommandTree.leaf("undo")),
            CommandTree.leaf("history"),
            CommandTree.leaf("run"),
            CommandTree.leaf("explain"),
            CommandTree.leaf("status"),
            CommandTree.leaf("logs"),
            CommandTree.leaf("hosts"),
            CommandTree.leaf("doctor"),
            CommandTree.leaf("completion"),
            CommandTree.leaf("server"),
            CommandTree.leaf("warm-up"),
            CommandTree.leaf(CommandTree.HELP));

    private final ProxyStarter starter;
    private final Terminal terminal;

    public CommandLineTool(ProxyStarter starter, Terminal terminal) {
        this.starter = requireNonNull(starter, "starter");
        this.terminal = requireNonNull(terminal, "terminal");
    }

    /**
     * Runs one command to its end.
     *
     * @return the exit status: {@link #FINE}, {@link #FAILED} or {@link #USED_WRONGLY}, or that of the command that
     *     {@code run} ran
     */
    public int run(String... arguments) {
        FailurePrinter failures = new FailurePrinter(terminal);
        PlainStart plain = PlainStart.of(arguments);
        int status = plain == null
                ? parse(new ErrorPrinter(failures), arguments)
                : plain.run(new Launch(starter, terminal, null, null), failures);
        terminal.out().flush();
        terminal.err().flush();
        return status;
    }

    private int parse(ErrorPrinter errors, String... arguments) {
        CommandLine commands = model(arguments);
        commands.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(terminal.interactive())
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
        CommandLine run = commands.getSubcommands().get("run");
        if (run != null) {
            run.setStopAtPositional(true); // what follows is its command's
        }
        return commands.execute(arguments);
    }

    private CommandLine model(String... arguments) {
        CommandLine commands = TREE.build(this::command, arguments);
        commands.getCommandSpec()
                .addOption(OptionSpec.builder("--version")
                        .type(boolean.class)
                        .arity("0")
                        .description("Print the version and exit.")
                        .versionHelp(true)
                        .build());
        return commands;
    }

    /** The object that runs the command of these names. */
    private Object command(String names) {
        return switch (names) {
            case ProxyCommand.NAME -> new ProxyCommand();
            case "proxy start" -> new StartCommand(starter, terminal);
            case "proxy validate" -> new ValidateCommand(terminal);
            case "proxy demo" -> new DemoCommand(starter, terminal);
            case "proxy convert" -> new ConvertCommand(terminal);
            case "proxy route" -> new RouteCommand();
            case "proxy route list" -> new RouteListCommand(terminal);
            case "proxy route add" -> new RouteAddCommand(terminal);
            case "proxy route show" -> new RouteShowCommand(terminal);
            case "proxy route remove" -> new RouteRemoveCommand(terminal);
            case "proxy route undo" -> new RouteUndoCommand(terminal);
            case "proxy history" -> new HistoryCommand(terminal);
            case "proxy run" -> new RunCommand(terminal);
            case "proxy explain" -> new ExplainCommand(terminal);
            case "proxy status" -> new StatusCommand(terminal);
            case "proxy logs" -> new LogsCommand(terminal);
            case "proxy hosts" -> new HostsCommand(terminal);
            case "proxy doctor" -> new DoctorCommand(terminal);
            case "proxy completion" -> new CompletionCommand(terminal, this::model);
            case "proxy server" -> new ServerCommand(starter, terminal);
            case "proxy warm-up" -> new WarmUpCommand(starter, terminal);
            case "proxy help" -> new CommandLine.HelpCommand();
            default -> throw new IllegalArgumentException(names);
        };
    }
}
