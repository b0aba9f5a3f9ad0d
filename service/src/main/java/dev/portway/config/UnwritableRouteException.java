package dev.portway.config;

import org.jspecify.annotations.Nullable;

/** A route that the object form of {@code routes} cannot say. The message is for people. */
public final class UnwritableRouteException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Problem problem;

    /** Another form could say it. */
    UnwritableRouteException(String message) {
        super(message);
        this.problem = null;
    }

    /** No form could. */
    UnwritableRouteException(Problem problem) {
        super(problem.message());
        this.problem = problem;
    }

    /** What is wrong with the route itself, its pointer within the route; null if nothing is. */
    public @Nullable Problem problem() {
        return problem;
    }
}
