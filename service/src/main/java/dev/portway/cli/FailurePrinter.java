package dev.portway.cli;

import static java.util.Objects.requireNonNull;

/** Says what went wrong in a line on stderr, and what to do in the next. Confined. */
final class FailurePrinter {

    private static final String DEBUG = "PORTWAY_DEBUG";

    private final Terminal terminal;

    FailurePrinter(Terminal terminal) {
        this.terminal = requireNonNull(terminal, "terminal");
    }

    /**
     * Why a command did not do what was asked.
     *
     * @return its exit status
     */
    int failed(Exception exception) {
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

    void error(String message) {
        terminal.err().println(terminal.alarm("error:") + " " + message);
    }

    void hint(String line) {
        terminal.err().println("  " + line);
    }
}
