package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.LeaseJournal;
import dev.portway.config.PortwayConfig;
import dev.portway.config.RouteReader;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is written down of leases: in the journal beside the file, in the log, and for those who come to renew one that has
 * ended. It decides nothing about which are in force. Confined to the registry's lock.
 */
final class LeaseBook {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseBook.class);

    private final LeaseJournal journal;
    private final EndedLeases ended = new EndedLeases();

    LeaseBook(LeaseJournal journal) {
        this.journal = requireNonNull(journal, "journal");
    }

    /** Those of an earlier process that still live and fit the file. */
    Leases.Fitting restored(PortwayConfig file, RouteReader reader, Instant now) {
        Leases.Fitting fitting = Leases.restored(journal.restore(), file, reader, now);
        journal.rewrite(fitting.leases().kept());
        drop(fitting.dropped());
        if (!fitting.leases().byId().isEmpty()) {
            LOG.info("{} leases still live", fitting.leases().byId().size());
        }
        return fitting;
    }

    /** What a request about a lease meets. */
    LeaseEditor editor(InForce inForce, Instant now) {
        return new LeaseEditor(inForce.document(), inForce.reader(), inForce.leases(), ended, now);
    }

    /** An edit has been published. */
    void took(LeaseEditor.Edited edited) {
        Lease lease = edited.lease();
        switch (edited.kind()) {
            case REMOVED -> {
                ended.ended(lease.id(), "was ended");
                journal.ended(List.of(lease.id()));
            }
            case UNCHANGED -> {
                lease.extend(edited.term());
                journal.renewed(lease.id(), lease.term().ttl(), lease.term().expires());
            }
            case CREATED, REPLACED -> {
                lease.extend(edited.term());
                ended.begun(lease.id());
                journal.begun(lease.kept());
            }
        }
        if (edited.kind() != EditResult.Kind.UNCHANGED) {
            String deed = edited.kind().name().toLowerCase(Locale.ROOT);
            LOG.info("the lease on {} {}, it is {}", lease.id(), deed, ownerOf(lease.owner()));
        }
        keepShort(edited.leases());
    }

    void renewed(Lease lease, Leases all) {
        journal.renewed(lease.id(), lease.term().ttl(), lease.term().expires());
        keepShort(all);
    }

    /** Some are over, and the others in force. */
    void expired(List<Lease> over, Leases others) {
        for (Lease lease : over) {
            ended.ended(lease.id(), "expired at " + lease.term().expires());
            LOG.info("the lease on {} expired, it was {}", lease.id(), ownerOf(lease.owner()));
        }
        journal.ended(over.stream().map(Lease::id).toList());
        keepShort(others);
    }

    /** The file left no room for some, and the others are in force. */
    void dropped(Leases.Fitting fitting) {
        if (!fitting.dropped().isEmpty()) {
            drop(fitting.dropped());
            journal.rewrite(fitting.leases().kept());
        }
    }

    private void drop(List<DroppedLease> leases) {
        for (DroppedLease lease : leases) {
            ended.ended(lease.id(), "was dropped: " + lease.why());
            LOG.warn("the lease on {}, {}, is dropped: {}", lease.id(), ownerOf(lease.owner()), lease.why());
        }
    }

    private void keepShort(Leases leases) {
        if (journal.wantsRewriting(leases.byId().size())) {
            journal.rewrite(leases.kept());
        }
    }

    private static String ownerOf(@Nullable String owner) {
        return owner == null ? "nobody's" : owner + "'s";
    }
}
