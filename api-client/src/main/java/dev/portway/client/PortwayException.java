package dev.portway.client;

import dev.portway.api.ProblemDocument;
import dev.portway.api.ProblemEntry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that did not do what it says. The message is one line for a person: what is wrong and what to do about it. It
 * never has the token in it. Programs tell the cases apart by the subclass, and by {@link #problem()}. Immutable.
 */
public class PortwayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient @Nullable ProblemDocument problem;

    PortwayException(String message, int status, @Nullable ProblemDocument problem, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.problem = problem;
    }

    /** The status of the answer; 0 where there was none. */
    public int status() {
        return status;
    }

    /** What the server said is wrong; empty where it did not say, or not as an admin API does. */
    public Optional<ProblemDocument> problem() {
        return Optional.ofNullable(problem);
    }

    /** Each thing wrong with what was sent, with its JSON pointer; empty for other failures. */
    public List<ProblemEntry> entries() {
        return problem == null ? List.of() : problem.errors();
    }
}
