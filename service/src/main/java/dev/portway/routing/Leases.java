package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.LeaseJournal;
import dev.portway.config.PortwayConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.RouteReader;
import dev.portway.config.RouteReading;
import dev.portway.config.TakenPlaces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The leases that live, in the order in which they came to say what they say; they stand behind the routes of the file.
 * Immutable but for how long each lives.
 *
 * @param byId as they are in force
 */
record Leases(Map<String, Lease> byId) {

    static final Leases NONE = new Leases(Map.of());

    Leases {
        byId = Collections.unmodifiableMap(new LinkedHashMap<>(byId));
    }

    /** Those that were kept, still live and fit a configuration, and those that live and do not fit. */
    static Fitting restored(List<LeaseJournal.Entry> kept, PortwayConfig file, RouteReader reader, Instant now) {
        Map<String, Lease> leases = new LinkedHashMap<>();
        List<DroppedLease> dropped = new ArrayList<>();
        for (LeaseJournal.Entry entry : kept) {
            if (!now.isBefore(entry.expires())) {
                continue;
            }
            // Not by more than it could have had, whatever the file says.
            Instant latest = now.plus(entry.ttl());
            Lease.Term term = new Lease.Term(entry.ttl(), entry.expires().isBefore(latest) ? entry.expires() : latest);
            try {
                ObjectNode route = RouteEditor.named(RouteEditor.taken(entry.route(), ""), entry.id());
                RouteReading reading = reader.read(route);
                if (reading.config() != null) {
                    leases.put(entry.id(), new Lease(reading.written(), reading.config(), entry.owner(), term));
                } else {
                    dropped.add(new DroppedLease(entry.id(), entry.owner(), invalid(reading)));
                }
            } catch (EditRefusedException e) {
                dropped.add(new DroppedLease(entry.id(), entry.owner(), String.valueOf(e.getMessage())));
            }
        }
        Fitting fitting = new Leases(leases).fitting(file, reader, reader);
        dropped.addAll(fitting.dropped());
        return new Fitting(fitting.leases(), dropped);
    }

    Optional<Lease> find(String id, Instant now) {
        return Optional.ofNullable(byId.get(id)).filter(lease -> lease.alive(now));
    }

    List<RouteConfig> configs() {
        return byId.values().stream().map(Lease::config).toList();
    }

    List<LeaseJournal.Entry> kept() {
        return byId.values().stream().map(Lease::kept).toList();
    }

    /** With this one, behind the others, in the place of the one of its id. */
    Leases with(Lease lease) {
        Map<String, Lease> next = new LinkedHashMap<>(byId);
        next.remove(lease.id());
        next.put(lease.id(), lease);
        return new Leases(next);
    }

    Leases without(Predicate<Lease> gone) {
        Map<String, Lease> next = new LinkedHashMap<>(byId);
        next.values().removeIf(gone);
        return next.size() == byId.size() ? this : new Leases(next);
    }

    /** Those of them that are not among the others. */
    List<Lease> besides(Leases others) {
        return byId.values().stream()
                .filter(lease -> !others.byId.containsKey(lease.id()))
                .toList();
    }

    /** When the first of them is over; empty where there is none. */
    Optional<Instant> firstExpiry() {
        return byId.values().stream().map(lease -> lease.term().expires()).min(Instant::compareTo);
    }

    /**
     * Those of them that fit a configuration of the file: their id is free, they are valid there, and nothing that stands
     * before them takes all their requests.
     *
     * @param before reads as the configuration that they were read in does
     * @param after reads as {@code file} does
     */
    Fitting fitting(PortwayConfig file, RouteReader before, RouteReader after) {
        if (byId.isEmpty()) {
            return new Fitting(this, List.of());
        }
        Set<String> ids = new HashSet<>();
        file.routes().forEach(route -> ids.add(route.id()));
        TakenPlaces places = new TakenPlaces(file.routes());
        boolean readAlike = after.agreesWith(before);
        Map<String, Lease> fit = new LinkedHashMap<>();
        List<DroppedLease> dropped = new ArrayList<>();
        for (Lease lease : byId.values()) {
            if (ids.contains(lease.id())) {
                dropped.add(DroppedLease.of(lease, "the file has a route of that id"));
                continue;
            }
            Lease read = lease;
            if (!readAlike) {
                RouteReading reading = after.read(lease.route().json());
                if (reading.config() == null) {
                    dropped.add(DroppedLease.of(lease, invalid(reading)));
                    continue;
                }
                read = new Lease(lease.route(), reading.config(), lease.owner(), lease.term());
            }
            Optional<RouteConfig> hidden = places.hiding(read.config());
            if (hidden.isPresent()) {
                dropped.add(DroppedLease.of(
                        lease, "the route \"" + hidden.get().id() + "\" takes all requests to its host and path"));
                continue;
            }
            places.take(read.config());
            fit.put(read.id(), read);
        }
        return new Fitting(new Leases(fit), dropped);
    }

    private static String invalid(RouteReading reading) {
        return "it is not valid any more: " + reading.errors().get(0).sentence();
    }

    /**
     * What a configuration makes of leases.
     *
     * @param leases that fit
     * @param dropped those that do not
     */
    record Fitting(Leases leases, List<DroppedLease> dropped) {

        Fitting {
            requireNonNull(leases, "leases");
            dropped = List.copyOf(dropped);
        }
    }
}
