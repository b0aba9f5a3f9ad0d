package dev.portway.cli;

import static java.util.Objects.requireNonNull;

/**
 * What {@code doctor} found out about one thing. Immutable.
 *
 * @param level how bad it is
 * @param about what was looked at, in a word or two
 * @param message what is so
 * @param remedy what to do about it; empty where nothing need be done
 */
record Finding(Level level, String about, String message, String remedy) {

    /** How bad it is. */
    enum Level {
        OK,
        DOUBTFUL,
        WRONG
    }

    Finding {
        requireNonNull(level, "level");
        requireNonNull(about, "about");
        requireNonNull(message, "message");
        requireNonNull(remedy, "remedy");
    }

    static Finding ok(String about, String message) {
        return new Finding(Level.OK, about, message, "");
    }

    static Finding doubtful(String about, String message, String remedy) {
        return new Finding(Level.DOUBTFUL, about, message, remedy);
    }

    static Finding wrong(String about, String message, String remedy) {
        return new Finding(Level.WRONG, about, message, remedy);
    }
}
