package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/** What broke an exchange off because a rule does not let it go on. */
public final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public RefusedException(Failure failure) {
        super(failure.cause());
        this.failure = requireNonNull(failure, "failure");
    }

    /** What to answer, if there is still time to. */
    public Failure failure() {
        return failure;
    }

    /** Thrown to end things, never to be traced. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
