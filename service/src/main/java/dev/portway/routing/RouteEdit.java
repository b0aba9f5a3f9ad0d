package dev.portway.routing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change to the routes of the file or to a lease, as the admin API can ask for it. */
public sealed interface RouteEdit {

    /**
     * Adds routes, all or none; an absent {@code id} is made from host and path.
     *
     * @param ownProgram whether they are of the program that the proxy is a part of, and so may name files
     */
    record Add(List<ObjectNode> routes, boolean ownProgram) implements RouteEdit {
        public Add {
            routes = List.copyOf(routes);
        }

        /** Routes that somebody sent. */
        public Add(List<ObjectNode> routes) {
            this(routes, false);
        }
    }

    /** Creates the route, or puts this one in its place. */
    record Put(String id, ObjectNode route) implements RouteEdit {}

    /** Merges into the route (RFC 7396). */
    record Patch(String id, ObjectNode patch) implements RouteEdit {}

    /**
     * Takes the route away.
     *
     * @param owner that a lease on it must have; null for a route of the file, or anybody's lease, as a person takes it away
     */
    record Remove(String id, @Nullable String owner) implements RouteEdit {
        public Remove(String id) {
            this(id, null);
        }
    }
}
