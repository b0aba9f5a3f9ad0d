package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/**
 * Reads a route that is sent as if it stood in a configuration, by the reader of files: the same defaults, rules and problems,
 * but that it may name no files. Immutable.
 */
public final class RouteReader {

    private final Path file;
    private final Surroundings around;

    /**
     * A reader of routes.
     *
     * @param config without errors, that they are to stand in
     * @param file where that is from; relative paths are resolved against its folder
     */
    public RouteReader(PortwayConfig config, Path file) {
        this.file = requireNonNull(file, "file");
        ProxyConfig proxy = config.proxy();
        Listeners own = new Listeners(
                proxy,
                String.valueOf(proxy.port()),
                String.valueOf(proxy.admin().port()),
                proxy.tls() == null ? "" : String.valueOf(proxy.tls().port()));
        this.around = new Surroundings(own, config.security());
    }

    /** Whether a route that the other one read says the same to this one. */
    public boolean agreesWith(RouteReader other) {
        return file.equals(other.file) && around.equals(other.around);
    }

    /**
     * Reads a route. Never throws for what it says.
     *
     * @param route of the list form, with its id, without placeholders
     */
    public RouteReading read(ObjectNode route) {
        Reading reading = new Reading(file, ConfigFormat.JSON, NamedFiles.NONE);
        RouteConfig config = Cursor.root(reading, route, route).read(at -> RouteConfig.read(at, around));
        boolean sound = config != null && reading.problems().errors() == 0;
        WrittenRoute written = new WrittenRoute(route.path("id").asText(), "", route, EntityTag.of(route));
        return new RouteReading(
                sound ? config : null, written, reading.problems().unlocated());
    }
}
