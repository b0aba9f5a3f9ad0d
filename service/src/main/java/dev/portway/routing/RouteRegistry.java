package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigFormat;
import dev.portway.config.PortwayConfig;
import dev.portway.config.Problem;
import dev.portway.config.ReadResult;
import dev.portway.config.RouteStore;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.EditRefusedException.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of the route table and of the file's routes. What it publishes is always what the file said when it was
 * last read or written; a file that cannot be used leaves the table as it is. Thread-safe.
 */
public final class RouteRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(RouteRegistry.class);
    private static final int MAX_TRIES = 10;

    private final RouteStore store;
    private final TableParts parts;
    private final InstantSource clock;
    private final List<RouteTableListener> listeners;
    private final RouteEditor editor;
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
            TableParts parts,
            InstantSource clock,
            List<RouteTableListener> listeners) {
        this.store = requireNonNull(store, "store");
        this.parts = requireNonNull(parts, "parts");
        this.clock = requireNonNull(clock, "clock");
        this.listeners = List.copyOf(listeners);
        this.started = requireNonNull(first, "first");
        this.editor = new RouteEditor(store::document);
        this.inForce = new InForce(first, RouteTable.build(configOf(first), parts, null), Listing.of(first));
        this.lastReload = Changes.between(List.of(), first.read().routes())
                .applied(clock.instant(), List.of(), first.read().problems());
        tell(inForce.table);
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

    /**
     * Makes an edit durable in the file, then effective for the next request; or changes nothing. In order, under the lock:
     *
     * <ol>
     *   <li>take up what somebody else saved in the file meanwhile
     *   <li>check the precondition, make the edit and validate the whole configuration
     *   <li>build the new table
     *   <li>save the file; if it changed since step 1, begin again
     *   <li>publish the table, release the old one, tell the listeners
     * </ol>
     */
    public EditResult update(RouteEdit edit, Precondition precondition) throws EditRefusedException {
        if (store.format() != ConfigFormat.JSON) {
            String message = store.file() + " is " + store.format() + ", which is not edited in place (expected: JSON;"
                    + " \"convert --to json\" makes it)";
            throw new EditRefusedException(Reason.FILE_NOT_JSON, message, List.of());
        }
        lock.lock();
        try {
            for (int i = 0; i < MAX_TRIES; i++) {
                takeUpFile();
                RouteEditor.Edited edited = editor.edit(inForce.document, edit, precondition);
                if (edited.document().text().equals(inForce.document.text()) || saveAndPublish(edited.document())) {
                    return edited.result();
                }
            }
            String message = store.file() + " was changed by somebody else each time it was about to be written";
            throw new EditRefusedException(Reason.NOT_SAVED, message, List.of());
        } finally {
            lock.unlock();
        }
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

    /** Takes up what the book of names says now, for the same configuration; routes it does not concern stay as they are. */
    public void takeUpNames() {
        lock.lock();
        try {
            ConfigDocument document = inForce.document;
            publish(new InForce(document, RouteTable.build(configOf(document), parts, inForce.table), inForce.listing));
        } finally {
            lock.unlock();
        }
    }

    private void takeUpFile() throws EditRefusedException {
        Reading reading = readIfChanged();
        if (reading == null) {
            return;
        }
        if (!reading.usable()) {
            List<Problem> errors = reading.errors();
            String message = store.file() + " cannot be used as it is now: " + reading.describeErrors();
            throw new EditRefusedException(Reason.FILE_BROKEN, message, errors);
        }
        apply(reading);
    }

    /** Whether it was saved; not, with nothing changed, if the file no longer says what is in force. */
    private boolean saveAndPublish(ConfigDocument document) throws EditRefusedException {
        InForce next = build(document, configOf(document));
        boolean saved = false;
        try {
            saved = store.save(inForce.document, document);
        } catch (IOException e) {
            LOG.warn("{} could not be written", store.file(), e);
            String message = store.file() + " could not be written: " + Reading.describe(e);
            throw new EditRefusedException(Reason.NOT_SAVED, message, List.of());
        } finally {
            if (!saved) {
                next.table.release(parts.backends());
            }
        }
        if (saved) {
            publish(next);
        }
        return saved;
    }

    /** What the file says now; null if that is in force already and is known to be. */
    private @Nullable Reading readIfChanged() {
        try {
            String text = store.text();
            boolean same = text.equals(inForce.document.text()) && lastReload.applied();
            return same ? null : Reading.of(store.document(text));
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
            LOG.warn("{} is not applied, the routes stay as they were: {}", store.file(), reading.describeErrors());
            return;
        }
        Changes changes =
                Changes.between(inForce.listing.routes(), document.read().routes());
        publish(build(document, config));
        lastReload = changes.applied(clock.instant(), RestartNeeds.between(started, document), reading.problems);
        LOG.info("{} applied: {}", store.file(), changes);
    }

    private InForce build(ConfigDocument document, PortwayConfig config) {
        return new InForce(document, RouteTable.build(config, parts, inForce.table), Listing.of(document));
    }

    private void publish(InForce next) {
        RouteTable previous = inForce.table;
        inForce = next;
        previous.release(parts.backends()); // first, so that a backend whose check was edited has its name back
        next.table.settle();
        tell(next.table);
    }

    /** Published is published: a listener that fails hears of the next table, and the file and the table still agree. */
    private void tell(RouteTable table) {
        for (RouteTableListener listener : listeners) {
            try {
                listener.tableChanged(table);
            } catch (RuntimeException e) {
                LOG.error(
                        "{} failed to take up the new routes",
                        listener.getClass().getName(),
                        e);
            }
        }
    }

    private static PortwayConfig configOf(ConfigDocument document) {
        PortwayConfig config = document.read().config();
        if (config == null) {
            throw new IllegalArgumentException(document.read().errors() + " (expected: a document without errors)");
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
            return new Reading(null, List.of(new Problem(Problem.Severity.ERROR, "", null, describe(e), 0, 0)));
        }

        /** The messages of the file system's own exceptions are the file's name and little more. */
        static String describe(IOException e) {
            return e instanceof FileSystemException ? e.toString() : String.valueOf(e.getMessage());
        }

        List<Problem> errors() {
            return problems.stream()
                    .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                    .toList();
        }

        String describeErrors() {
            return errors().stream().map(Reading::describe).collect(Collectors.joining("; "));
        }

        private static String describe(Problem problem) {
            String where = problem.line() == 0 ? "" : "line " + problem.line() + ", column " + problem.column() + ", ";
            String value = problem.value() == null ? "" : problem.value() + " ";
            String pointer = problem.pointer().isEmpty() ? "" : problem.pointer() + ": ";
            return where + pointer + value + problem.message();
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
