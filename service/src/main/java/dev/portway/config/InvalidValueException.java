package dev.portway.config;

/** A value that cannot be taken, and what would have been. The message continues a sentence that begins with the value. */
public class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param complaint continues "VALUE ...", such as {@code is not a port}
     * @param expected what would have been taken
     */
    InvalidValueException(String complaint, String expected) {
        super(complaint + " (expected: " + expected + ")", null, false, false); // no stack: it never leaves the reader
    }
}
