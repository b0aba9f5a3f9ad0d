package dev.portway.routing;

import dev.portway.config.RouteStore;
import dev.portway.config.WrittenRoute;
import dev.portway.upstream.BackendPool;
import java.time.InstantSource;
import java.util.List;

/** The only writer of the route table and of the file's routes. Thread-safe. */
@SuppressWarnings("all") // skeleton
public final class RouteRegistry {

    private final RouteStore store;
    private final BackendPool backends;
    private final InstantSource clock;

    public RouteRegistry(
            RouteStore store, BackendPool backends, InstantSource clock, List<RouteTableListener> listeners) {
        this.store = store;
        this.backends = backends;
        this.clock = clock;
    }

    /** The table in force; one volatile read. */
    public RouteTable current() {
        throw new IllegalStateException("" + store + backends + clock);
    }

    /** The routes in force as the file has them, with the revision of the whole list; one consistent snapshot. */
    public Listing listing() {
        throw new IllegalStateException("" + store);
    }

    /** Makes an edit durable in the file, then effective for the next request; or changes nothing. */
    public EditResult update(RouteEdit edit, Precondition precondition) throws EditRefusedException {
        throw new EditRefusedException(EditRefusedException.Reason.NOT_FOUND, "" + edit + precondition, List.of());
    }

    /** Reads the file now and applies it whole, or keeps the table as it is. Never throws for what the file says. */
    public ReloadReport reload() {
        throw new IllegalStateException("" + store);
    }

    /** What the last reading of the file did; the first one at start counts. */
    public ReloadReport lastReload() {
        throw new IllegalStateException("" + store);
    }

    /**
     * The routes as written.
     *
     * @param revision quoted entity tag of the list
     */
    public record Listing(String revision, List<WrittenRoute> routes) {
        public Listing {
            routes = List.copyOf(routes);
        }
    }
}
