package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import dev.portway.config.PortwayConfig;
import dev.portway.config.RouteReader;
import dev.portway.config.RouteStore;
import dev.portway.routing.EditRefusedException.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How what the file says comes into force where somebody else has changed it: whole, or not at all; and what came of it the last
 * time. Under the registry's lock, but for {@link #lastReload}.
 */
final class FileUptake {

    private static final Logger LOG = LoggerFactory.getLogger(FileUptake.class);

    private final RouteStore store;
    private final Publication publication;
    private final LeaseBook leases;
    private final History history;
    private final InstantSource clock;
    private final ConfigDocument started;
    private volatile ReloadReport lastReload; // written under the lock, read by any thread

    /**
     * Of a file that has just come into force for the first time.
     *
     * @param kept what became of the leases by that
     */
    FileUptake(
            RouteStore store,
            Publication publication,
            LeaseBook leases,
            History history,
            InstantSource clock,
            Leases.Fitting kept) {
        this.store = requireNonNull(store, "store");
        this.publication = requireNonNull(publication, "publication");
        this.leases = requireNonNull(leases, "leases");
        this.history = requireNonNull(history, "history");
        this.clock = requireNonNull(clock, "clock");
        this.started = publication.inForce().document();
        this.lastReload = Changes.between(List.of(), started.read().routes())
                .applied(
                        clock.instant(),
                        List.of(),
                        kept.dropped(),
                        started.read().problems());
    }

    /** What the last reading of the file did; the first one counts. */
    ReloadReport lastReload() {
        return lastReload;
    }

    /** Reads the file and applies it whole, or keeps what is in force. */
    ReloadReport reload() {
        apply(read());
        return lastReload;
    }

    /**
     * Applies the file if it no longer says what is in force.
     *
     * @param settled whether a file that cannot be used is to be reported
     * @return whether what the file says is in force now
     */
    boolean refresh(boolean settled) {
        FileReading reading = readIfChanged();
        if (reading == null) {
            return true;
        }
        if (reading.usable() || settled) {
            apply(reading);
        }
        return reading.usable();
    }

    /** Takes up what somebody else saved, where there is something; or refuses what is about to be edited. */
    void takeUp() throws EditRefusedException {
        FileReading reading = readIfChanged();
        if (reading == null) {
            return;
        }
        if (!reading.usable()) {
            String message = store.file() + " cannot be used as it is now: " + reading.describeErrors();
            throw new EditRefusedException(Reason.FILE_BROKEN, message, reading.errors());
        }
        apply(reading);
    }

    /** What the file says now; null if that is in force already and is known to be. */
    private @Nullable FileReading readIfChanged() {
        try {
            String text = store.text();
            boolean same = text.equals(publication.inForce().document().text()) && lastReload.applied();
            return same ? null : FileReading.of(store.document(text));
        } catch (IOException e) {
            return FileReading.failed(e);
        }
    }

    private FileReading read() {
        try {
            return FileReading.of(store.read());
        } catch (IOException e) {
            return FileReading.failed(e);
        }
    }

    private void apply(FileReading reading) {
        ConfigDocument present = publication.inForce().document();
        ConfigDocument document = reading.document();
        PortwayConfig config = document == null ? null : document.read().config();
        Instant now = clock.instant();
        if (document == null || config == null) {
            lastReload = Changes.refused(now, present, lastReload.restartNeeded(), reading.problems());
            LOG.warn("{} is not applied, the routes stay as they were: {}", store.file(), reading.describeErrors());
            return;
        }
        Changes changes =
                Changes.between(present.read().routes(), document.read().routes());
        RouteReader reader = new RouteReader(config, store.file());
        InForce inForce = publication.inForce();
        Leases.Fitting fitting = inForce.leases().fitting(config, inForce.reader(), reader);
        publication.publish(publication.next(document, fitting.leases(), reader));
        leases.dropped(fitting);
        if (!document.text().equals(present.text())) {
            history.byHand(present, document, now);
        }
        lastReload =
                changes.applied(now, RestartNeeds.between(started, document), fitting.dropped(), reading.problems());
        LOG.info("{} applied: {}", store.file(), changes);
    }
}
