package dev.portway.forward;

/** A person has set the backend down whose answer would have gone on by itself. */
final class TakenDownException extends Exception {

    private static final long serialVersionUID = 1;

    TakenDownException() {
        super("the backend was set down", null, false, false);
    }
}
