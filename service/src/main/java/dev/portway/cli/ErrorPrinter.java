package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import dev.portway.config.Suggestion;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what went wrong in a line on stderr, and what to do in the next. A class and no two lambdas: Java leaves an interface
 * as old as picocli's out of a class archive once a lambda implements it (docs/decisions/190). Confined.
 */
final class ErrorPrinter implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private static final String DEBUG = "PORTWAY_DEBUG";

    private final Terminal terminal;

    ErrorPrinter(Terminal terminal) {
        this.terminal = requireNonNull(terminal, "terminal");
    }

    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
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
        return CommandLineTool.USED_WRONGLY;
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) {
        if (exception instanceof CommandFailure failure) {
            error(String.valueOf(failure.getMessage()));
            failure.hints().forEach(this::hint);
            return CommandLineTool.FAILED;
        }
        error("unexpected: " + (exception.getMessage() == null ? exception.toString() : exception.getMessage()));
        if (terminal.environment().apply(DEBUG) == null) {
            hint("for the whole story, run it again with " + DEBUG + "=1");
        } else {
            exception.printStackTrace(terminal.err());
        }
        return CommandLineTool.FAILED;
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

    private void error(String message) {
        Ansi ansi = terminal.colour() ? Ansi.ON : Ansi.OFF;
        terminal.err().println(ansi.string("@|bold,red error:|@ ") + message);
    }

    private void hint(String line) {
        terminal.err().println("  " + line);
    }

    private static String lowerCaseFirst(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
