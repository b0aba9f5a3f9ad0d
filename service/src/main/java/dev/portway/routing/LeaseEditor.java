package dev.portway.routing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.ConfigDocument;
import dev.portway.config.RouteConfig;
import dev.portway.config.RouteReader;
import dev.portway.config.RouteReading;
import dev.portway.config.TakenPlaces;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.EditRefusedException.Reason;
import dev.portway.routing.EditResult.Kind;
import dev.portway.routing.Lease.Term;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request about a lease makes of the leases; decides whether it may, and changes nothing itself. Immutable.
 *
 * @param file without errors
 * @param reader reads as the file was read
 * @param leases in force
 * @param ended why others ended
 * @param now the moment
 */
record LeaseEditor(ConfigDocument file, RouteReader reader, Leases leases, EndedLeases ended, Instant now) {

    /**
     * What came of it.
     *
     * @param leases the next ones; those given, where none begins, ends or says something else
     * @param lease concerned
     * @param term that it has from now on
     */
    record Edited(Leases leases, Kind kind, Lease lease, Term term) {

        EditResult result() {
            return new EditResult(List.of(new EditResult.Change(kind, lease.route(), lease)));
        }
    }

    /** Gives a lease, or renews the one of this owner and has it say this. */
    Edited give(LeaseRequest request, Precondition precondition) throws EditRefusedException {
        String id = request.id();
        Lease existing = leases.find(id, now).orElse(null);
        WrittenRoute present = existing == null ? routeOfFile(id) : existing.route();
        RouteEditor.requirePrecondition(precondition, id, present);
        if (existing == null && present != null) {
            throw refused(
                    Reason.CONFLICT, "the id \"" + id + "\" is that of a route of the file (expected: another id)");
        }
        if (existing != null) {
            requireOwner(existing, request.owner());
        }
        ObjectNode route = RouteEditor.named(RouteEditor.taken(request.route(), ""), id);
        return say(existing, route, request.owner(), Term.from(now, request.ttl()));
    }

    /** Has it say something else, for the rest of its time. */
    Edited patch(RouteEdit.Patch patch, Precondition precondition) throws EditRefusedException {
        Lease existing = required(patch.id());
        RouteEditor.requirePrecondition(precondition, patch.id(), existing.route());
        ObjectNode merged = MergePatch.apply(existing.route().json(), RouteEditor.taken(patch.patch(), ""));
        return say(existing, RouteEditor.named(merged, patch.id()), existing.owner(), existing.term());
    }

    /** @param owner that the lease must have; null for anybody's */
    Edited end(String id, @Nullable String owner, Precondition precondition) throws EditRefusedException {
        Lease existing = required(id);
        RouteEditor.requirePrecondition(precondition, id, existing.route());
        if (owner != null) {
            requireOwner(existing, owner);
        }
        return new Edited(leases.without(lease -> lease.id().equals(id)), Kind.REMOVED, existing, existing.term());
    }

    /** The lease of this id that this owner may renew. */
    Lease renewable(String id, @Nullable String owner) throws EditRefusedException {
        Lease lease = required(id);
        requireOwner(lease, owner);
        return lease;
    }

    private Lease required(String id) throws EditRefusedException {
        Lease lease = leases.find(id, now).orElse(null);
        if (lease != null) {
            return lease;
        }
        if (routeOfFile(id) != null) {
            throw refused(Reason.CONFLICT, "the route \"" + id + "\" is the file's and no lease");
        }
        String why =
                leases.byId().containsKey(id) ? "expired" : ended.reason(id).orElse(null);
        throw refused(
                Reason.NO_LEASE,
                why == null
                        ? "there is no lease on a route \"" + id + "\" (PUT /routes/" + id + "?ttl=... makes one)"
                        : "the lease on \"" + id + "\" " + why + " (PUT it again)");
    }

    private Edited say(@Nullable Lease existing, ObjectNode route, @Nullable String owner, Term term)
            throws EditRefusedException {
        RouteReading reading = reader.read(route);
        if (existing != null && existing.route().etag().equals(reading.written().etag())) {
            return new Edited(leases, Kind.UNCHANGED, existing, term);
        }
        RouteConfig config = reading.config();
        if (config == null) {
            throw RouteEditor.invalid(reading.errors());
        }
        requirePlace(config);
        Lease lease = new Lease(reading.written(), config, owner, term);
        return new Edited(leases.with(lease), existing == null ? Kind.CREATED : Kind.REPLACED, lease, term);
    }

    /** A file is warned of a route that can never match; a program that leases one would wait for requests in vain. */
    private void requirePlace(RouteConfig config) throws EditRefusedException {
        TakenPlaces places = new TakenPlaces(InForce.configOf(file).routes());
        RouteConfig hiding = places.hiding(config).orElse(null);
        if (hiding != null) {
            throw refused(
                    Reason.CONFLICT,
                    "no request would reach it: the route \"" + hiding.id() + "\" of the file takes all of them");
        }
        for (Lease lease : leases.byId().values()) {
            if (!lease.id().equals(config.id()) && lease.alive(now)) {
                places.take(lease.config());
            }
        }
        hiding = places.hiding(config).orElse(null);
        if (hiding != null) {
            Lease other = leases.byId().get(hiding.id());
            String held = other == null ? "" : ", which is " + other.held(now) + ",";
            throw refused(
                    Reason.LEASED,
                    "no request would reach it: the route \"" + hiding.id() + "\"" + held + " takes all of them");
        }
    }

    private void requireOwner(Lease lease, @Nullable String owner) throws EditRefusedException {
        if (!lease.isOf(owner)) {
            throw refused(Reason.LEASED, "the route \"" + lease.id() + "\" is " + lease.held(now));
        }
    }

    private @Nullable WrittenRoute routeOfFile(String id) {
        return file.route(id).orElse(null);
    }

    private static EditRefusedException refused(Reason reason, String message) {
        return new EditRefusedException(reason, message, List.of());
    }
}
