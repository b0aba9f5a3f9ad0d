package dev.portway.health;

import java.util.concurrent.CompletionException;

/** Reads what a future failed with. */
final class Failures {

    private Failures() {}

    /** The failure itself, out of the wrapping that dependent futures put around it. */
    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Its message, else its kind. */
    static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
