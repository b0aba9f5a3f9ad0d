package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigFormat;
import dev.portway.config.HistoryEntry;
import dev.portway.config.HistoryEntry.Deed;
import dev.portway.config.NamedFiles;
import dev.portway.config.RouteReader;
import dev.portway.config.RouteStore;
import dev.portway.routing.EditRefusedException.Reason;
import dev.portway.routing.History.Authorship;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
    private final InstantSource clock;
    private final RouteEditor editor;
    private final LeaseBook leases;
    private final History history;
    private final Publication publication;
    private final FileUptake file;
    private final ReentrantLock lock = new ReentrantLock(); // held by whoever writes any of these

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
        this.clock = requireNonNull(clock, "clock");
        requireNonNull(first, "first");
        this.editor = new RouteEditor(store::document);
        this.leases = new LeaseBook(store.leases());
        this.history = History.restored(store.history(), first, clock.instant());
        RouteReader reader = readerOf(first);
        Leases.Fitting kept = leases.restored(InForce.configOf(first), reader, clock.instant());
        this.publication = new Publication(first, kept.leases(), reader, parts, listeners);
        this.file = new FileUptake(store, publication, leases, history, clock, kept);
    }

    /** The table in force; one volatile read. */
    public RouteTable current() {
        return publication.inForce().table();
    }

    /** The routes in force as the file and the leases have them, with the revision of the whole list; one consistent snapshot. */
    public Listing listing() {
        return publication.inForce().listing();
    }

    /** The files that are named by what is in force. */
    public NamedFiles namedFiles() {
        return NamedFiles.known(publication.inForce().document().read().tree());
    }

    /** What the last reading of the file did; the first one at start counts. */
    public ReloadReport lastReload() {
        return file.lastReload();
    }

    /** The last changes of the file, the oldest first; one consistent snapshot. */
    public List<HistoryEntry> history() {
        return history.entries();
    }

    /** Of these changes that do not hold any more, by number, the numbers of those that took them back, by hand included. */
    public static Map<Long, Long> takenBack(List<HistoryEntry> changes) {
        return History.takenBack(changes);
    }

    /** Makes an edit of somebody who is not known. */
    public EditResult update(RouteEdit edit, Precondition precondition) throws EditRefusedException {
        return update(edit, precondition, null);
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
     *
     * @param by who asks for it; null where that is not known
     */
    public EditResult update(RouteEdit edit, Precondition precondition, @Nullable String by)
            throws EditRefusedException {
        lock.lock();
        try {
            if (edit instanceof RouteEdit.Patch patch && leased(patch.id())) {
                return take(leaseEditor().patch(patch, precondition));
            }
            if (edit instanceof RouteEdit.Remove remove && (remove.owner() != null || leased(remove.id()))) {
                return take(leaseEditor().end(remove.id(), remove.owner(), precondition));
            }
            return updateFile(edit, precondition, by);
        } finally {
            lock.unlock();
        }
    }

    private EditResult updateFile(RouteEdit edit, Precondition precondition, @Nullable String by)
            throws EditRefusedException {
        requireJson();
        for (int i = 0; i < MAX_TRIES; i++) {
            file.takeUp();
            if (edit instanceof RouteEdit.Put put) {
                refuseLeased(put.id(), precondition);
            }
            InForce present = publication.inForce();
            RouteEditor.Edited edited =
                    editor.edit(present.document(), present.listing().revision(), edit, precondition);
            if (edited.document().text().equals(present.document().text())) {
                return edited.result();
            }
            if (saveAndPublish(edited.document(), Authorship.of(edit, by, clock.instant()))
                    .isPresent()) {
                return edited.result();
            }
        }
        throw changedEachTime();
    }

    /**
     * Takes back a change of the file, as an edit of its own, which can be taken back too. Where nobody changed the file
     * since, it says again what it said before, to the byte; else the routes that were changed do, if they are as the change
     * left them.
     *
     * @param number of the change; null for the last one of the API that holds, was not put back by hand, and takes none back
     *     itself
     * @param precondition of the list of routes
     * @param by who asks for it; null where that is not known
     * @return the change that this is
     */
    public HistoryEntry undo(@Nullable Long number, Precondition precondition, @Nullable String by)
            throws EditRefusedException {
        lock.lock();
        try {
            requireJson();
            for (int i = 0; i < MAX_TRIES; i++) {
                file.takeUp();
                InForce present = publication.inForce();
                RouteEditor.requireList(precondition, present.listing().revision());
                Undone undone = number == null
                        ? Undone.last(history, store, present.document())
                        : Undone.of(number, history, store, present.document());
                Authorship author = new Authorship(
                        clock.instant(), by, Deed.UNDO, undone.change().number());
                Optional<HistoryEntry> made = saveAndPublish(undone.document(), author);
                if (made.isPresent()) {
                    return made.get();
                }
            }
            throw changedEachTime();
        } finally {
            lock.unlock();
        }
    }

    private void requireJson() throws EditRefusedException {
        if (store.format() != ConfigFormat.JSON) {
            String message = store.file() + " is " + store.format() + ", which is not edited in place (expected: JSON;"
                    + " \"convert --to json\" makes it)";
            throw new EditRefusedException(Reason.FILE_NOT_JSON, message, List.of());
        }
    }

    private EditRefusedException changedEachTime() {
        String message = store.file() + " was changed by somebody else each time it was about to be written";
        return new EditRefusedException(Reason.NOT_SAVED, message, List.of());
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
            Lease lease = leaseEditor().renewable(id, owner);
            lease.extend(
                    Lease.Term.from(clock.instant(), ttl == null ? lease.term().ttl() : ttl));
            leases.renewed(lease, publication.inForce().leases());
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
            Leases present = publication.inForce().leases();
            Leases next = present.without(lease -> !lease.alive(now));
            List<Lease> over = present.besides(next);
            if (!over.isEmpty()) {
                publication.publish(publication.next(next));
                leases.expired(over, next);
            }
        } finally {
            lock.unlock();
        }
    }

    /** When the next lease is over; empty where there is none. */
    Optional<Instant> firstExpiry() {
        return publication.inForce().leases().firstExpiry();
    }

    private boolean leased(String id) {
        return publication.inForce().leases().find(id, clock.instant()).isPresent();
    }

    private LeaseEditor leaseEditor() {
        return leases.editor(publication.inForce(), clock.instant());
    }

    /** Publishes what came of an edit of leases, then keeps it beside the file. */
    private EditResult take(LeaseEditor.Edited edited) {
        if (edited.kind() != EditResult.Kind.UNCHANGED) {
            publication.publish(publication.next(edited.leases()));
        }
        leases.took(edited);
        return edited.result();
    }

    /** An edit of the file that would put a route in the place of a lease. */
    private void refuseLeased(String id, Precondition precondition) throws EditRefusedException {
        Instant now = clock.instant();
        Lease lease = publication.inForce().leases().find(id, now).orElse(null);
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
            return file.reload();
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
            return file.refresh(settled);
        } finally {
            lock.unlock();
        }
    }

    /** Takes up what the book of names says now, for the same configuration; routes it does not concern stay as they are. */
    public void takeUpNames() {
        lock.lock();
        try {
            publication.publish(publication.nextNames());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does something while nobody writes. What is set of a backend would be lost with it if the table were built already that has
     * another in its place.
     */
    public <T> T betweenWrites(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** The change that it is if it was saved; empty, with nothing changed, if the file no longer says what is in force. */
    private Optional<HistoryEntry> saveAndPublish(ConfigDocument document, Authorship author)
            throws EditRefusedException {
        ConfigDocument present = publication.inForce().document();
        InForce next = publication.next(document, fitting(document), readerOf(document));
        HistoryEntry change = history.begin(present, document, author);
        boolean saved = false;
        try {
            saved = store.save(present, document);
        } catch (IOException e) {
            LOG.warn("{} could not be written", store.file(), e);
            String message = store.file() + " could not be written: " + FileReading.describe(e);
            throw new EditRefusedException(Reason.NOT_SAVED, message, List.of());
        } finally {
            if (!saved) {
                history.dropped(change);
                publication.throwAway(next);
            }
        }
        if (!saved) {
            return Optional.empty();
        }
        publication.publish(next);
        history.made(change);
        return Optional.of(change);
    }

    /** The leases that live, all of which must fit the document. */
    private Leases fitting(ConfigDocument document) throws EditRefusedException {
        Instant now = clock.instant();
        InForce present = publication.inForce();
        Leases living = present.leases().without(lease -> !lease.alive(now));
        Leases.Fitting fitting = living.fitting(InForce.configOf(document), present.reader(), readerOf(document));
        if (fitting.dropped().isEmpty()) {
            return fitting.leases();
        }
        DroppedLease first = fitting.dropped().get(0);
        String held = living.find(first.id(), now).map(lease -> lease.held(now)).orElse("leased");
        String message = "the route \"" + first.id() + "\" is " + held + ", and would not survive this: " + first.why();
        throw new EditRefusedException(Reason.LEASED, message, List.of());
    }

    private RouteReader readerOf(ConfigDocument document) {
        return new RouteReader(InForce.configOf(document), store.file());
    }
}
