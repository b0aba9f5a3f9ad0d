package dev.portway.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What makes fish complete commands: one {@code complete} for each command and option, from picocli's model of them. */
final class FishCompletion {

    private final String program;
    private final StringBuilder script = new StringBuilder();

    private FishCompletion(String program) {
        this.program = program;
    }

    static String of(String program, CommandLine commands) {
        FishCompletion completion = new FishCompletion(program);
        completion.script.append("# Completions of ").append(program).append(" for fish.\n");
        completion.script.append("complete -c ").append(program).append(" -f\n");
        completion.add(commands, List.of());
        return completion.script.toString();
    }

    private void add(CommandLine command, List<String> path) {
        Map<String, CommandLine> below = new TreeMap<>(command.getSubcommands());
        below.values().removeIf(sub -> sub.getCommandSpec().usageMessage().hidden());
        String here = condition(path, below);
        below.forEach((name, sub) -> line(here, "-a " + name, description(sub)));
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!option.hidden()) {
                line(here, names(option), first(option.description()));
            }
        }
        command.getCommandSpec().positionalParameters().stream()
                .filter(positional -> positional.completionCandidates() != null)
                .forEach(positional -> line(here, "-a " + quoted(words(positional)), first(positional.description())));
        boolean takesFiles =
                command.getCommandSpec().positionalParameters().stream().anyMatch(FishCompletion::isFile);
        if (takesFiles) {
            script.append("complete -c ")
                    .append(program)
                    .append(" -n ")
                    .append(quoted(here))
                    .append(" -F\n");
        }
        below.forEach((name, sub) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            add(sub, deeper);
        });
    }

    /** True where the commands of {@code path} were typed and none of those below. */
    private static String condition(List<String> path, Map<String, CommandLine> below) {
        List<String> parts = new ArrayList<>();
        path.forEach(name -> parts.add("__fish_seen_subcommand_from " + name));
        if (!below.isEmpty()) {
            parts.add("not __fish_seen_subcommand_from " + String.join(" ", below.keySet()));
        }
        return String.join("; and ", parts);
    }

    private static String names(OptionSpec option) {
        StringBuilder names = new StringBuilder();
        for (String name : option.names()) {
            names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            names.append(isFile(option) ? " -r -F" : " -x");
            if (option.completionCandidates() != null) {
                names.append(" -a ").append(quoted(words(option)));
            }
        }
        return names.substring(1);
    }

    private static String words(ArgSpec argument) {
        StringJoiner words = new StringJoiner(" ");
        argument.completionCandidates().forEach(word -> words.add(word.toLowerCase(Locale.ROOT)));
        return words.toString();
    }

    private static boolean isFile(ArgSpec argument) {
        return argument.type().equals(Path.class);
    }

    private void line(String condition, String what, String description) {
        script.append("complete -c ").append(program);
        if (!condition.isEmpty()) {
            script.append(" -n ").append(quoted(condition));
        }
        script.append(' ')
                .append(what)
                .append(" -d ")
                .append(quoted(description))
                .append('\n');
    }

    private static String description(CommandLine command) {
        return first(command.getCommandSpec().usageMessage().description());
    }

    private static String first(String[] lines) {
        return lines.length == 0 ? "" : lines[0].replace("%n", "");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
