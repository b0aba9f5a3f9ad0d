package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import dev.portway.config.RouteReader;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in force, and how the next one takes its place: built whole, published by one write, then told of. Read by any
 * thread, written under the registry's lock.
 */
final class Publication {

    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final TableParts parts;
    private final List<RouteTableListener> listeners;
    private volatile InForce inForce; // written by publish() under the lock, read by any thread

    /** The first one; the listeners are told of it. */
    Publication(
            ConfigDocument first,
            Leases leases,
            RouteReader reader,
            TableParts parts,
            List<RouteTableListener> listeners) {
        this.parts = requireNonNull(parts, "parts");
        this.listeners = List.copyOf(listeners);
        RouteTable table = RouteTable.build(InForce.configOf(first).with(leases.configs()), parts, null);
        this.inForce = InForce.of(first, leases, reader, table);
        tell(table);
    }

    InForce inForce() {
        return inForce;
    }

    /** The next one, with what the present one's backends know; to be published or thrown away. */
    InForce next(ConfigDocument document, Leases leases, RouteReader reader) {
        RouteTable table = RouteTable.build(InForce.configOf(document).with(leases.configs()), parts, inForce.table());
        return InForce.of(document, leases, reader, table);
    }

    /** The same file with other leases. */
    InForce next(Leases leases) {
        return next(inForce.document(), leases, inForce.reader());
    }

    /** The same file and leases, with what the book of names says now. */
    InForce nextNames() {
        return inForce.with(RouteTable.build(inForce.table().config(), parts, inForce.table()));
    }

    void publish(InForce next) {
        RouteTable previous = inForce.table();
        inForce = next;
        previous.release(parts.backends()); // first, so that a backend whose check was edited has its name back
        next.table().settle();
        tell(next.table());
    }

    /** Of one that is not published after all, the backends that nobody else has are given back. */
    void throwAway(InForce next) {
        next.table().release(parts.backends());
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
}
