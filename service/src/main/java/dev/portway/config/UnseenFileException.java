package dev.portway.config;

/** A file that was not looked at, whatever is in it. */
final class UnseenFileException extends InvalidValueException {

    private static final long serialVersionUID = 1L;

    UnseenFileException() {
        super("is not looked at", "a file that the configuration in force names under the same key");
    }
}
