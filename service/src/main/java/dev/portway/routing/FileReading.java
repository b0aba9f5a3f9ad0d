package dev.portway.routing;

import dev.portway.config.ConfigDocument;
import dev.portway.config.Problem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What looking at the file gave. Immutable.
 *
 * @param document null where there is none
 * @param problems also why there is none
 */
record FileReading(@Nullable ConfigDocument document, List<Problem> problems) {

    FileReading {
        problems = List.copyOf(problems);
    }

    static FileReading of(ConfigDocument document) {
        return new FileReading(document, document.read().problems());
    }

    static FileReading failed(IOException e) {
        return new FileReading(null, List.of(new Problem(Problem.Severity.ERROR, "", null, describe(e), 0, 0)));
    }

    /** The messages of the file system's own exceptions are the file's name and little more. */
    static String describe(IOException e) {
        return e instanceof FileSystemException ? e.toString() : String.valueOf(e.getMessage());
    }

    boolean usable() {
        return document != null && document.read().config() != null;
    }

    List<Problem> errors() {
        return problems.stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .toList();
    }

    String describeErrors() {
        return errors().stream().map(FileReading::describe).collect(Collectors.joining("; "));
    }

    private static String describe(Problem problem) {
        String where = problem.line() == 0 ? "" : "line " + problem.line() + ", column " + problem.column() + ", ";
        return where + problem.sentence();
    }
}
