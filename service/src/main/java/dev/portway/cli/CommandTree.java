package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command and those below it, each made only where it is needed: of {@code route add} those two and no other, since
 * looking at the annotations of all would take longer than most commands do. Immutable.
 *
 * @param name it is called by
 * @param aliases other names of it
 * @param command makes the object that runs it
 * @param below the commands that it holds
 */
record CommandTree(String name, List<String> aliases, Supplier<Object> command, List<CommandTree> below) {

    /** The command that speaks of all others. */
    static final String HELP = "help";

    CommandTree {
        requireNonNull(name, "name");
        requireNonNull(command, "command");
        aliases = List.copyOf(aliases);
        below = List.copyOf(below);
    }

    static CommandTree leaf(String name, Supplier<Object> command) {
        return new CommandTree(name, List.of(), command, List.of());
    }

    static CommandTree holding(String name, Supplier<Object> command, CommandTree... below) {
        return new CommandTree(name, List.of(), command, List.of(below));
    }

    CommandTree alsoCalled(String alias) {
        return new CommandTree(name, List.of(alias), command, below);
    }

    /** What is needed to run {@code arguments}: the commands they name, or all of a level where they name none of it. */
    CommandLine build(String... arguments) {
        return build(List.of(arguments));
    }

    private CommandLine build(List<String> arguments) {
        CommandLine built = new CommandLine(command.get());
        List<CommandTree> named = arguments.isEmpty()
                ? List.of()
                : below.stream()
                        .filter(tree ->
                                tree.isCalled(arguments.get(0)) && !tree.name().equals(HELP))
                        .toList();
        if (named.isEmpty()) {
            below.forEach(tree -> built.addSubcommand(tree.name(), tree.build(List.of()), tree.aliasArray()));
        } else {
            CommandTree tree = named.get(0);
            built.addSubcommand(tree.name(), tree.build(arguments.subList(1, arguments.size())), tree.aliasArray());
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

    private boolean isCalled(String argument) {
        return name.equals(argument) || aliases.contains(argument);
    }

    private String[] aliasArray() {
        return aliases.toArray(String[]::new);
    }
}
