package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.Problem;
import java.util.List;

/** Why an edit was not made; nothing was changed. The message is for people. */
public final class EditRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient List<Problem> problems;

    public EditRefusedException(Reason reason, String message, List<Problem> problems) {
        super(requireNonNull(message, "message"));
        this.reason = requireNonNull(reason, "reason");
        this.problems = List.copyOf(problems);
    }

    public Reason reason() {
        return reason;
    }

    /**
     * All that is wrong: for {@link Reason#INVALID} with the configuration that the edit would have made, of which pointers
     * into the route that was sent begin there and others at the file's root; for {@link Reason#FILE_BROKEN} with the file.
     * Empty for the others.
     */
    public List<Problem> problems() {
        return problems;
    }

    /** Sorts of refusal. */
    public enum Reason {
        /** No route of this id. */
        NOT_FOUND,
        /** The id is taken, or the object form cannot say this route. */
        CONFLICT,
        /** No lease on a route of this id, or not any more. */
        NO_LEASE,
        /** The id, or the place, is leased by another. */
        LEASED,
        /** No change that could be taken back. */
        NO_CHANGE,
        /** The file does not parse or is not valid at this moment. */
        FILE_BROKEN,
        /** The file is YAML or TOML, which cannot be edited in place. */
        FILE_NOT_JSON,
        /** The precondition does not hold. */
        PRECONDITION_FAILED,
        /** The configuration it would make is not valid. */
        INVALID,
        /** The file could not be written. */
        NOT_SAVED
    }
}
