package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command's names and those below it. Of the commands only those are made that a line needs, of {@code route add} those
 * two and no other, since looking at the annotations of all would take longer than most commands do. Immutable.
 *
 * @param name it is called by
 * @param aliases other names of it
 * @param below the commands that it holds
 */
record CommandTree(String name, List<String> aliases, List<CommandTree> below) {

    /** The command that speaks of all others. */
    static final String HELP = "help";

    CommandTree {
        requireNonNull(name, "name");
        aliases = List.copyOf(aliases);
        below = List.copyOf(below);
    }

    static CommandTree leaf(String name, String... aliases) {
        return new CommandTree(name, List.of(aliases), List.of());
    }

    static CommandTree holding(String name, CommandTree... below) {
        return new CommandTree(name, List.of(), List.of(below));
    }

    /**
     * What is needed to run {@code arguments}: the commands they name, or all of a level where they name none of it.
     *
     * @param commands makes the object that runs a command of all its names, such as {@code proxy route add}
     */
    CommandLine build(Function<String, Object> commands, String... arguments) {
        return build(commands, name, List.of(arguments));
    }

    private CommandLine build(Function<String, Object> commands, String names, List<String> arguments) {
        CommandLine built = new CommandLine(commands.apply(names));
        CommandTree named = arguments.isEmpty() ? null : named(arguments.get(0));
        if (named == null) {
            for (CommandTree each : below) {
                each.addTo(built, commands, names, List.of());
            }
        } else {
            named.addTo(built, commands, names, arguments.subList(1, arguments.size()));
        }
        if (!(built.getCommand() instanceof CommandLine.HelpCommand)) {
            // Without the short form, which is the host's.
            built.getCommandSpec()
                    .addOption(OptionSpec.builder("--help")
                            .type(boolean.class)
                            .arity("0")
                            .description("Show this help and exit.")
                            .usageHelp(true)
                            .build());
        }
        return built;
    }

    private void addTo(CommandLine above, Function<String, Object> commands, String names, List<String> arguments) {
        above.addSubcommand(name, build(commands, names + " " + name, arguments), aliases.toArray(new String[0]));
    }

    private @Nullable CommandTree named(String argument) {
        for (CommandTree each : below) {
            if ((each.name.equals(argument) || each.aliases.contains(argument)) && !each.name.equals(HELP)) {
                return each;
            }
        }
        return null;
    }
}
