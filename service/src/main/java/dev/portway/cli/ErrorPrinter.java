package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import dev.portway.config.Suggestion;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what was typed wrongly, and what went wrong with what was typed rightly. A class and no two lambdas: Java leaves an interface
 * as old as picocli's out of a class archive once a lambda implements it (docs/decisions/190). Confined.
 */
final class ErrorPrinter implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final FailurePrinter printer;

    ErrorPrinter(FailurePrinter printer) {
        this.printer = requireNonNull(printer, "printer");
    }

    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        if (!command.getSubcommands().isEmpty()
                && exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            String word = unmatched.getUnmatched().get(0);
            printer.error("unknown command '" + Table.plain(word) + "'");
            String meant = Suggestion.nearest(word, visible(command));
            if (meant != null) {
                printer.hint("did you mean " + meant + "?");
            }
        } else {
            printer.error(lowerCaseFirst(Table.plain(String.valueOf(exception.getMessage()))));
            suggest(exception);
        }
        printer.hint("see: " + command.getCommandSpec().qualifiedName() + " --help");
        return CommandLineTool.USED_WRONGLY;
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) {
        return printer.failed(exception);
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
            printer.hint("did you mean " + String.join(" or ", nearest.subList(0, Math.min(2, nearest.size()))) + "?");
        }
    }

    private static String lowerCaseFirst(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
