package dev.portway.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A start that says no more than which file: {@code start}, {@code start -c FILE} and {@code server FILE}, as nearly every
 * start is typed. Read without the parser of commands, which would take a sixth of the time until the proxy answers
 * (docs/decisions/193). Immutable.
 *
 * @param file as typed; null for the one in this directory
 */
record PlainStart(@Nullable Path file) {

    /** The start that these words are; null if they are anything else, for the parser to understand or to refuse. */
    static @Nullable PlainStart of(String... arguments) {
        List<String> words = List.of(arguments);
        if (words.equals(List.of("start"))) {
            return new PlainStart(null);
        }
        boolean named = words.size() == 3
                && words.get(0).equals("start")
                && (words.get(1).equals("-c") || words.get(1).equals("--config"));
        boolean served = words.size() == 2 && words.get(0).equals("server");
        if (!(named || served) || !plain(words.get(words.size() - 1))) {
            return null;
        }
        try {
            return new PlainStart(Path.of(words.get(words.size() - 1)));
        } catch (InvalidPathException unusable) {
            return null;
        }
    }

    /** Starts the proxy, and returns the exit status once it has stopped. */
    int run(Launch launch, FailurePrinter failures) {
        try {
            launch.run(new ConfigFileOption().or(file));
            return CommandLineTool.FINE;
        } catch (Exception exception) {
            return failures.failed(exception);
        }
    }

    /** Whether a word is a file to the parser, too, just as it stands, and in every locale. */
    private static boolean plain(String word) {
        return !word.isEmpty()
                && word.charAt(0) != '-'
                && word.charAt(0) != '@'
                && word.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
