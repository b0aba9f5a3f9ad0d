package dev.portway.cli;

import java.io.Serial;
import java.util.List;

/** Why a command could not do what was asked, in words for the person who typed it. */
final class CommandFailure extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** What to try, one line each. */
    private final transient List<String> hints;

    CommandFailure(String message, List<String> hints) {
        super(message);
        this.hints = List.copyOf(hints);
    }

    CommandFailure(String message) {
        this(message, List.of());
    }

    List<String> hints() {
        return hints;
    }
}
