package dev.portway.routing;

import dev.portway.config.WrittenRoute;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param route as the file or the lease now has it; as it was, for one removed
     * @param lease of it; null for a route of the file
     */
    public record Change(
            Kind kind, WrittenRoute route, @Nullable Lease lease) {

        Change(Kind kind, WrittenRoute route) {
            this(kind, route, null);
        }
    }

    /** Sorts of change. */
    public enum Kind {
        CREATED,
        REPLACED,
        UNCHANGED,
        REMOVED
    }
}
