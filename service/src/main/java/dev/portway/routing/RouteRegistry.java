package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import dev.portway.config.PortwayConfig;
import dev.portway.config.Problem;
import dev.portway.config.ReadResult;
import dev.portway.config.RouteStore;
import dev.portway.config.WrittenRoute;
import dev.portway.upstream.BackendPool;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of the route table and of the file's routes. What it publishes is always what the file said when it was
 * last read or written; a file that cannot be used leaves the table as it is. Thread-safe.
 */
public final class RouteRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(RouteRegistry.class);

    private final RouteStore store;
    private final BackendPool backends;
    private final InstantSource clock;
    private final List<RouteTableListener> listeners;
    private final ConfigDocument started;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile InForce inForce; // written by publish() under the lock, read by any thread
    private volatile ReloadReport lastReload; // written under the lock, read by any thread

    /**
     * A registry whose table is that of a file already read; tells the listeners of it.
     *
     * @param first what the store's file says, without an error
     */
    public RouteRegistry(
            RouteStore store,
            ConfigDocument first,
            BackendPool backends,
            InstantSource clock,
            List<RouteTableListener> listeners) {
        this.store = requireNonNull(store, "store");
        this.backends = requireNonNull(backends, "backends");
        this.clock = requireNonNull(clock, "clock");
        this.listeners = List.copyOf(listeners);
        this.started = requireNonNull(first, "first");
        this.inForce = build(first, configOf(first));
        this.lastReload = Changes.between(List.of(), first.read().routes())
                .applied(clock.instant(), List.of(), first.read().problems());
        for (RouteTableListener listener : this.listeners) {
            listener.tableChanged(inForce.table);
        }
    }

    /** The table in force; one volatile read. */
    public RouteTable current() {
        return inForce.table;
    }

    /** The routes in force as the file has them, with the revision of the whole list; one consistent snapshot. */
    public Listing listing() {
        return inForce.listing;
    }

    /** What the last reading of the file did; the first one at start counts. */
    public ReloadReport lastReload() {
        return lastReload;
    }

    /** Makes an edit durable in the file, then effective for the next request; or changes nothing. */
    @SuppressWarnings("DoNotCallSuggester") // skeleton
    public EditResult update(RouteEdit edit, Precondition precondition) throws EditRefusedException {
        throw new EditRefusedException(
                EditRefusedException.Reason.NOT_SAVED, "not yet: " + edit + precondition, List.of());
    }

    /** Reads the file now and applies it whole, or keeps the table as it is. Never throws for what the file says. */
    public ReloadReport reload() {
        lock.lock();
        try {
            apply(read());
            return lastReload;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Applies the file if it no longer says what is in force; for those who watch it.
     *
     * @param settled whether a file that cannot be used is to be reported; otherwise it is passed over, since it may be
     *     half written
     * @return whether what the file says is in force now
     */
    public boolean refresh(boolean settled) {
        lock.lock();
        try {
            Reading reading = readIfChanged();
            if (reading == null) {
                return true;
            }
            if (reading.usable() || settled) {
                apply(reading);
            }
            return reading.usable();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Reading readIfChanged() {
        try {
            String text = store.text();
            return text.equals(inForce.document.text()) ? null : Reading.of(store.document(text));
        } catch (IOException e) {
            return Reading.failed(e);
        }
    }

    private Reading read() {
        try {
            return Reading.of(store.read());
        } catch (IOException e) {
            return Reading.failed(e);
        }
    }

    private void apply(Reading reading) {
        ConfigDocument document = reading.document;
        PortwayConfig config = document == null ? null : document.read().config();
        if (document == null || config == null) {
            lastReload =
                    Changes.refused(clock.instant(), inForce.document, lastReload.restartNeeded(), reading.problems);
            LOG.warn("{} is not applied; the routes stay as they were: {}", store.file(), reading.problems);
            return;
        }
        Changes changes =
                Changes.between(inForce.listing.routes(), document.read().routes());
        publish(build(document, config));
        lastReload = changes.applied(clock.instant(), RestartNeeds.between(started, document), reading.problems);
        LOG.info("{} applied: {}", store.file(), changes);
    }

    private InForce build(ConfigDocument document, PortwayConfig config) {
        return new InForce(document, RouteTable.build(config, backends), Listing.of(document));
    }

    private void publish(InForce next) {
        RouteTable previous = inForce.table;
        inForce = next;
        for (RouteTableListener listener : listeners) {
            listener.tableChanged(next.table);
        }
        previous.release(backends);
    }

    private static PortwayConfig configOf(ConfigDocument document) {
        PortwayConfig config = document.read().config();
        if (config == null) {
            throw new IllegalArgumentException("first: " + document.read().errors() + " (expected: no errors)");
        }
        return config;
    }

    /** What requests and the admin API see; replaced whole. */
    private record InForce(ConfigDocument document, RouteTable table, Listing listing) {}

    /** What looking at the file gave: a document, or why there is none. */
    private record Reading(@Nullable ConfigDocument document, List<Problem> problems) {

        static Reading of(ConfigDocument document) {
            return new Reading(document, document.read().problems());
        }

        static Reading failed(IOException e) {
            String message = String.valueOf(e.getMessage());
            return new Reading(null, List.of(new Problem(Problem.Severity.ERROR, "", null, message, 0, 0)));
        }

        boolean usable() {
            return document != null && document.read().config() != null;
        }
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

        static Listing of(ConfigDocument document) {
            ReadResult read = document.read();
            return new Listing(Revision.of(read.routes()), read.routes());
        }
    }
}
