package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import dev.portway.config.WrittenRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The routes in force as written, those of the file before the leased ones. Immutable but for how long each lease lives.
 *
 * @param revision quoted entity tag of the list
 * @param leases of those that are leased, by id
 */
public record Listing(String revision, List<WrittenRoute> routes, Map<String, Lease> leases) {

    public Listing {
        requireNonNull(revision, "revision");
        routes = List.copyOf(routes);
        leases = Map.copyOf(leases);
    }

    static Listing of(ConfigDocument document, Leases leases) {
        List<WrittenRoute> routes = new ArrayList<>(document.read().routes());
        leases.byId().values().forEach(lease -> routes.add(lease.route()));
        return new Listing(Revision.of(routes), routes, leases.byId());
    }
}
