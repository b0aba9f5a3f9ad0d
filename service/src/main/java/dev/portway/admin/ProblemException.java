package dev.portway.admin;

import dev.portway.api.ProblemDocument;

/** Ends the handling of a request with an answer that says what is wrong with it. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ProblemDocument problem;

    ProblemException(ProblemDocument problem) {
        super(problem.detail(), null, false, false); // an answer, not a fault: no stack trace is ever read
        this.problem = problem;
    }

    ProblemException(ProblemType type, String detail) {
        this(type.with(detail));
    }

    ProblemDocument problem() {
        return problem;
    }
}
