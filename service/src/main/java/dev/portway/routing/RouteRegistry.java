package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigFormat;
import dev.portway.config.PortwayConfig;
import dev.portway.config.Problem;
import dev.portway.config.RouteReader;
import dev.portway.config.RouteStore;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.EditRefusedException.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of the route table, of the file's routes and of the leases. What it publishes is always what the file said
 * when it was last read or written, and the leases behind that; a file that cannot be used leaves the table as it is.
 * Thread-safe.
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
    private final EndedLeases ended = new EndedLeases(); // guarded by the lock
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
        RouteReader reader = readerOf(first);
        PortwayConfig file = configOf(first);
        Leases.Fitting kept = Leases.restored(store.leases().restore(), file, reader, clock.instant());
        this.inForce = InForce.of(
                first,
                kept.leases(),
                reader,
                RouteTable.build(file.with(kept.leases().configs()), parts, null));
        store.leases().rewrite(kept.leases().kept());
        dropped(kept.dropped());
        if (!kept.leases().byId().isEmpty()) {
            LOG.info("{} leases still live", kept.leases().byId().size());
        }
        this.lastReload = Changes.between(List.of(), first.read().routes())
                .applied(clock.instant(), List.of(), first.read().problems());
        tell(inForce.table);
    }

    /** The table in force; one volatile read. */
    public RouteTable current() {
        return inForce.table;
    }

    /** The routes in force as the file and the leases have them, with the revision of the whole list; one consistent snapshot. */
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
     *
     * <p>Where the route is leased, the lease is patched or ended, and the file left alone. An edit of the file that a lease
     * would not survive is refused.
     */
    public EditResult update(RouteEdit edit, Precondition precondition) throws EditRefusedException {
        lock.lock();
        try {
            if (edit instanceof RouteEdit.Patch patch && leased(patch.id())) {
                return take(leaseEditor().patch(patch, precondition));
            }
            if (edit instanceof RouteEdit.Remove remove && (remove.owner() != null || leased(remove.id()))) {
                return take(leaseEditor().end(remove.id(), remove.owner(), precondition));
            }
            return updateFile(edit, precondition);
        } finally {
            lock.unlock();
        }
    }

    private EditResult updateFile(RouteEdit edit, Precondition precondition) throws EditRefusedException {
        if (store.format() != ConfigFormat.JSON) {
            String message = store.file() + " is " + store.format() + ", which is not edited in place (expected: JSON;"
                    + " \"convert --to json\" makes it)";
            throw new EditRefusedException(Reason.FILE_NOT_JSON, message, List.of());
        }
        for (int i = 0; i < MAX_TRIES; i++) {
            takeUpFile();
            if (edit instanceof RouteEdit.Put put) {
                refuseLeased(put.id(), precondition);
            }
            RouteEditor.Edited edited = editor.edit(inForce.document, inForce.listing.revision(), edit, precondition);
            if (edited.document().text().equals(inForce.document.text()) || saveAndPublish(edited.document())) {
                return edited.result();
            }
        }
        String message = store.file() + " was changed by somebody else each time it was about to be written";
        throw new EditRefusedException(Reason.NOT_SAVED, message, List.of());
    }

    /**
     * Gives somebody a route for a while, effective for the next request, or renews and replaces the one that the same owner
     * has. The file is neither read nor written.
     */
    public EditResult lease(LeaseRequest request, Precondition precondition) throws EditRefusedException {
        lock.lock();
        try {
            return take(leaseEditor().give(request, precondition));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has a lease live for its time from now on. The table stays as it is.
     *
     * @param ttl another time to live; null for the one that it has
     */
    public Lease renew(String id, @Nullable String owner, @Nullable Duration ttl) throws EditRefusedException {
        lock.lock();
        try {
            Instant now = clock.instant();
            Lease lease = leaseEditor().renewable(id, owner);
            lease.extend(Lease.Term.from(now, ttl == null ? lease.term().ttl() : ttl));
            store.leases().renewed(id, lease.term().ttl(), lease.term().expires());
            keepShort();
            return lease;
        } finally {
            lock.unlock();
        }
    }

    /** Ends every lease whose time is over, by one table without them. */
    void expireLeases() {
        lock.lock();
        try {
            Instant now = clock.instant();
            Leases next = inForce.leases.without(lease -> !lease.alive(now));
            if (next.byId().size() == inForce.leases.byId().size()) {
                return;
            }
            for (Lease lease : inForce.leases.byId().values()) {
                if (!next.byId().containsKey(lease.id())) {
                    ended.ended(lease.id(), "expired at " + lease.term().expires());
                    LOG.info("the lease on {} expired, it was {}", lease.id(), ownerOf(lease.owner()));
                }
            }
            List<String> gone = inForce.leases.byId().keySet().stream()
                    .filter(id -> !next.byId().containsKey(id))
                    .toList();
            publish(build(inForce.document, configOf(inForce.document), next, inForce.reader));
            store.leases().ended(gone);
            keepShort();
        } finally {
            lock.unlock();
        }
    }

    /** When the next lease is over; empty where there is none. */
    Optional<Instant> firstExpiry() {
        return inForce.leases.firstExpiry();
    }

    private boolean leased(String id) {
        return inForce.leases.find(id, clock.instant()).isPresent();
    }

    private LeaseEditor leaseEditor() {
        return new LeaseEditor(inForce.document, inForce.reader, inForce.leases, ended, clock.instant());
    }

    /** Publishes what came of an edit of leases, then keeps it beside the file. */
    private EditResult take(LeaseEditor.Edited edited) {
        Lease lease = edited.lease();
        if (edited.kind() != EditResult.Kind.UNCHANGED) {
            publish(build(inForce.document, configOf(inForce.document), edited.leases(), inForce.reader));
            LOG.info(
                    "the lease on {} {}, it is {}",
                    lease.id(),
                    edited.kind().name().toLowerCase(Locale.ROOT),
                    ownerOf(lease.owner()));
        }
        if (edited.kind() == EditResult.Kind.REMOVED) {
            ended.ended(lease.id(), "was ended");
            store.leases().ended(List.of(lease.id()));
        } else if (edited.kind() == EditResult.Kind.UNCHANGED) {
            lease.extend(edited.term());
            store.leases().renewed(lease.id(), lease.term().ttl(), lease.term().expires());
        } else {
            lease.extend(edited.term());
            ended.begun(lease.id());
            store.leases().begun(lease.kept());
        }
        keepShort();
        return edited.result();
    }

    private void keepShort() {
        Leases leases = inForce.leases;
        if (store.leases().wantsRewriting(leases.byId().size())) {
            store.leases().rewrite(leases.kept());
        }
    }

    private void dropped(List<Leases.Dropped> leases) {
        for (Leases.Dropped lease : leases) {
            ended.ended(lease.id(), "was dropped: " + lease.why());
            LOG.warn("the lease on {}, {}, is dropped: {}", lease.id(), ownerOf(lease.owner()), lease.why());
        }
    }

    private static String ownerOf(@Nullable String owner) {
        return owner == null ? "nobody's" : owner + "'s";
    }

    /** An edit of the file that would put a route in the place of a lease. */
    private void refuseLeased(String id, Precondition precondition) throws EditRefusedException {
        Instant now = clock.instant();
        Lease lease = inForce.leases.find(id, now).orElse(null);
        if (lease == null) {
            return;
        }
        RouteEditor.requirePrecondition(precondition, id, lease.route());
        throw new EditRefusedException(
                Reason.LEASED,
                "the route \"" + id + "\" is " + lease.held(now)
                        + " (expected: \"ttl\" and \"owner\" to renew it, or DELETE first)",
                List.of());
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
            publish(inForce.with(RouteTable.build(inForce.table.config(), parts, inForce.table)));
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
        RouteReader reader = readerOf(document);
        PortwayConfig config = configOf(document);
        Instant now = clock.instant();
        Leases.Fitting fitting =
                inForce.leases.without(lease -> !lease.alive(now)).fitting(config, inForce.reader, reader);
        if (!fitting.dropped().isEmpty()) {
            Leases.Dropped first = fitting.dropped().get(0);
            String held = inForce.leases
                    .find(first.id(), now)
                    .map(lease -> lease.held(now))
                    .orElse("leased");
            String message =
                    "the route \"" + first.id() + "\" is " + held + ", and would not survive this: " + first.why();
            throw new EditRefusedException(Reason.LEASED, message, List.of());
        }
        InForce next = build(document, config, fitting.leases(), reader);
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
        Changes changes = Changes.between(
                inForce.document.read().routes(), document.read().routes());
        RouteReader reader = readerOf(document);
        Leases.Fitting fitting = inForce.leases.fitting(config, inForce.reader, reader);
        publish(build(document, config, fitting.leases(), reader));
        if (!fitting.dropped().isEmpty()) {
            dropped(fitting.dropped());
            store.leases().rewrite(fitting.leases().kept());
        }
        lastReload = changes.applied(clock.instant(), RestartNeeds.between(started, document), reading.problems);
        LOG.info("{} applied: {}", store.file(), changes);
    }

    private InForce build(ConfigDocument document, PortwayConfig file, Leases leases, RouteReader reader) {
        RouteTable table = RouteTable.build(file.with(leases.configs()), parts, inForce.table);
        return InForce.of(document, leases, reader, table);
    }

    private RouteReader readerOf(ConfigDocument document) {
        return new RouteReader(configOf(document), store.file());
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

    static PortwayConfig configOf(ConfigDocument document) {
        PortwayConfig config = document.read().config();
        if (config == null) {
            throw new IllegalArgumentException(document.read().errors() + " (expected: a document without errors)");
        }
        return config;
    }

    /**
     * What requests and the admin API see; replaced whole.
     *
     * @param reader of leases, as the document was read
     */
    private record InForce(
            ConfigDocument document, Leases leases, RouteReader reader, RouteTable table, Listing listing) {

        static InForce of(ConfigDocument document, Leases leases, RouteReader reader, RouteTable table) {
            return new InForce(document, leases, reader, table, Listing.of(document, leases));
        }

        InForce with(RouteTable other) {
            return new InForce(document, leases, reader, other, listing);
        }
    }

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
     * The routes as written, those of the file before the leased ones.
     *
     * @param revision quoted entity tag of the list
     * @param leases of those that are leased, by id
     */
    public record Listing(String revision, List<WrittenRoute> routes, Map<String, Lease> leases) {
        public Listing {
            routes = List.copyOf(routes);
            leases = Map.copyOf(leases);
        }

        static Listing of(ConfigDocument document, Leases leases) {
            List<WrittenRoute> routes = new ArrayList<>(document.read().routes());
            leases.byId().values().forEach(lease -> routes.add(lease.route()));
            return new Listing(Revision.of(routes), routes, leases.byId());
        }
    }
}
