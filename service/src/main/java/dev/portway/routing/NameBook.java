package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.Resolve;
import java.util.List;

/** Knows what the names of targets stand for that are several backends ({@code "resolve"}). Thread-safe. */
public interface NameBook {

    /** One that knows no name. */
    NameBook EMPTY = (name, resolve) -> List.of();

    /**
     * What is known by now, in an order of its own; returns at once.
     *
     * @param name the host of a target's URL
     * @param resolve what the target says of it
     * @return empty while nothing is known
     */
    List<Place> placesOf(String name, Resolve resolve);

    /**
     * Where one of several backends is. Immutable.
     *
     * @param host a name or an address, as a {@link dev.portway.config.TargetUrl} has it
     * @param port {@link #TARGETS_PORT} for the target's
     * @param weight beside the others of the same name, above 0
     */
    record Place(String host, int port, int weight) {

        public static final int TARGETS_PORT = 0;

        public Place {
            requireNonNull(host, "host");
        }

        /** At an address, where the target's port is, and as good as any other. */
        public static Place at(String address) {
            return new Place(address, TARGETS_PORT, 1);
        }
    }
}
