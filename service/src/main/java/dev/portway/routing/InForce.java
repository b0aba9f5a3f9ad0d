package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import dev.portway.config.PortwayConfig;
import dev.portway.config.RouteReader;

/**
 * What requests and the admin API see; replaced whole. Immutable but for how long each lease lives.
 *
 * @param document of the file, without errors
 * @param leases behind it
 * @param reader of leases, as the document was read
 * @param table of both
 * @param listing of both
 */
record InForce(ConfigDocument document, Leases leases, RouteReader reader, RouteTable table, Listing listing) {

    InForce {
        requireNonNull(document, "document");
        requireNonNull(leases, "leases");
        requireNonNull(reader, "reader");
        requireNonNull(table, "table");
        requireNonNull(listing, "listing");
    }

    static InForce of(ConfigDocument document, Leases leases, RouteReader reader, RouteTable table) {
        return new InForce(document, leases, reader, table, Listing.of(document, leases));
    }

    InForce with(RouteTable other) {
        return new InForce(document, leases, reader, other, listing);
    }

    /** What the file says. */
    PortwayConfig config() {
        return configOf(document);
    }

    static PortwayConfig configOf(ConfigDocument document) {
        PortwayConfig config = document.read().config();
        if (config == null) {
            throw new IllegalArgumentException(document.read().errors() + " (expected: a document without errors)");
        }
        return config;
    }
}
