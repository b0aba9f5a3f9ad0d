package dev.portway.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with, or doubtful about, a configuration. Immutable.
 *
 * @param severity an error keeps a configuration from being used, a warning does not
 * @param pointer where, as a JSON pointer (RFC 6901); {@code ""} for the whole file
 * @param value what stands there, shortened, as JSON; null where it would be a secret or nothing stands there
 * @param message what is wrong and what was expected, a sentence without the pointer; it says the value where that helps
 * @param line in the file, from 1; 0 where unknown
 * @param column in the line, from 1; 0 where unknown
 */
public record Problem(
        Severity severity, String pointer, @Nullable String value, String message, int line, int column) {

    public Problem {
        requireNonNull(severity, "severity");
        requireNonNull(pointer, "pointer");
        requireNonNull(message, "message");
    }

    /**
     * The problem on one line, as people read it in a terminal or a log: {@code config.json:12:17  /routes/0/target:
     * 99999 is not a port (expected: 1..65535)}.
     *
     * @param file how the file is called there
     */
    public String describe(String file) {
        String place = line == 0 ? file : file + ":" + line + ":" + column;
        return place + "  " + (severity == Severity.WARNING ? "warning: " : "") + sentence();
    }

    /** What is wrong and where, without the file: {@code /routes/0/target: 99999 is not a port (expected: 1..65535)}. */
    public String sentence() {
        return pointer.isEmpty() ? message : pointer + ": " + message;
    }

    /** How bad it is. */
    public enum Severity {
        ERROR,
        WARNING
    }
}
