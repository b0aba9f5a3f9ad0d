package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration file's text and what was read from it. Immutable: an edit gives the next text, in which no character
 * outside the routes concerned has changed.
 *
 * @param text byte for byte as the file has it
 * @param format its language
 * @param read what the text says
 */
public record ConfigDocument(String text, ConfigFormat format, ReadResult read) {

    public ConfigDocument {
        requireNonNull(text, "text");
        requireNonNull(format, "format");
        requireNonNull(read, "read");
    }

    /** The route of this id, as the file has it. */
    public Optional<WrittenRoute> route(String id) {
        return read.routes().stream().filter(route -> route.id().equals(id)).findFirst();
    }

    /** The id that a route without one is given, made from its host and path; empty if these are not valid. */
    public static Optional<String> madeId(ObjectNode route) {
        return RouteForm.madeId(route);
    }

    /**
     * Adds routes behind the last one.
     *
     * @param routes of the list form; one without an id gets the one made from its host and path
     * @throws UnwritableRouteException if the form that the file has cannot say it
     * @throws IllegalStateException if this document is not valid JSON
     */
    public RouteDraft adding(List<ObjectNode> routes) throws UnwritableRouteException {
        return RouteForm.of(this).add(routes);
    }

    /**
     * Makes a route say this, by touching what differs; it keeps its id.
     *
     * @param route one of this document's
     * @param next of the list form
     * @throws UnwritableRouteException as for {@link #adding}
     */
    public RouteDraft replacing(WrittenRoute route, ObjectNode next) throws UnwritableRouteException {
        return RouteForm.of(this).replace(route, next);
    }

    /**
     * Takes a route away.
     *
     * @param route one of this document's
     */
    public RouteDraft removing(WrittenRoute route) {
        return RouteForm.of(this).remove(route);
    }

    /**
     * Several changes at once.
     *
     * @param replaced this document's routes, and what they are to say
     * @param removed this document's routes, in its order
     * @param added as for {@link #adding}
     * @throws UnwritableRouteException as for {@link #adding}
     */
    public RouteDraft changing(
            Map<WrittenRoute, ObjectNode> replaced, List<WrittenRoute> removed, List<ObjectNode> added)
            throws UnwritableRouteException {
        return RouteForm.of(this).change(replaced, removed, added);
    }
}
