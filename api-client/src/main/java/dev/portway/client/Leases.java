package dev.portway.client;

import static java.util.Objects.requireNonNull;

import dev.portway.api.Route;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The leases that a client has. Thread-safe. */
final class Leases implements AutoCloseable {

    private final Transport transport;
    private final String owner;
    private final Set<Lease> open = ConcurrentHashMap.newKeySet();

    Leases(Transport transport, String owner) {
        this.transport = requireNonNull(transport, "transport");
        this.owner = requireNonNull(owner, "owner");
    }

    Transport transport() {
        return transport;
    }

    Lease lease(Route route, Duration ttl, LeaseListener listener) {
        LeaseTerms terms = terms(route, ttl);
        long askedAt = System.nanoTime();
        return begun(terms, listener, transport.send(terms.registering()), askedAt);
    }

    CompletableFuture<Lease> leaseAsync(Route route, Duration ttl, LeaseListener listener) {
        LeaseTerms terms = terms(route, ttl);
        long askedAt = System.nanoTime();
        return transport.sendAsync(terms.registering()).thenApply(held -> begun(terms, listener, held, askedAt));
    }

    void ended(Lease lease) {
        open.remove(lease);
    }

    /** Removes the routes of all leases that are open, at the same time, and waits for that. */
    @Override
    public void close() {
        CompletableFuture<?>[] ends = open.stream().map(Lease::end).toArray(CompletableFuture[]::new);
        transport.await(CompletableFuture.allOf(ends));
    }

    private Lease begun(LeaseTerms terms, LeaseListener listener, Tagged<Route> held, long askedAt) {
        Lease lease = new Lease(this, terms, listener, held, askedAt);
        open.add(lease);
        return lease.start();
    }

    LeaseTerms terms(Route route, Duration ttl) {
        return new LeaseTerms(route.id().isEmpty() ? named(route) : route, ttl, owner);
    }

    /** The route with an id made of host and path, as the proxy makes one for a route that is added without. */
    private static Route named(Route route) {
        String host = route.hosts().isEmpty() ? "" : route.hosts().get(0).replace("*", "any");
        String slug = (host + route.path().orElse("")).replaceAll("[^A-Za-z0-9._-]+", "-");
        String trimmed = slug.replaceAll("^-+|-+$", "");
        boolean unusable = trimmed.isEmpty() || trimmed.toLowerCase(Locale.ROOT).equals("default");
        return route.toBuilder().id(unusable ? "root" + trimmed : trimmed).build();
    }
}
