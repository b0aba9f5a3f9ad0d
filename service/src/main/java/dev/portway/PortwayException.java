package dev.portway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A proxy did not start, or a change to its routes was refused and nothing was changed. The message is for people. */
public final class PortwayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    PortwayException(String message, List<String> problems, @Nullable Throwable cause) {
        super(problems.isEmpty() ? message : message + ": " + String.join("; ", problems), cause);
        this.problems = List.copyOf(problems);
    }

    PortwayException(String message, @Nullable Throwable cause) {
        this(message, List.of(), cause);
    }

    /** Everything that is wrong with the configuration, each with its place and what was expected; empty for other causes. */
    public List<String> problems() {
        return problems;
    }
}
