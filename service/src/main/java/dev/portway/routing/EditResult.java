package dev.portway.routing;

import dev.portway.config.WrittenRoute;
import java.util.List;

/**
 * What an edit did. Immutable.
 *
 * @param changes one for each route asked for, in the order asked
 */
public record EditResult(List<Change> changes) {

    public EditResult {
        changes = List.copyOf(changes);
    }

    /**
     * What became of one route.
     *
     * @param route as the file now has it; as it was, for one removed
     */
    public record Change(Kind kind, WrittenRoute route) {}

    /** Sorts of change. */
    public enum Kind {
        CREATED,
        REPLACED,
        UNCHANGED,
        REMOVED
    }
}
