package dev.portway.client;

import static java.util.Objects.requireNonNull;

import dev.portway.api.Route;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A route that is there as long as this is open and its program lives. It is never written to the proxy's file. The client
 * renews it at a third of its time to live, and registers it again where the proxy was restarted or forgot it; when the
 * program ends without closing it, the route goes by itself when that time is over. Thread-safe.
 */
public final class Lease implements AutoCloseable {

    private static final Duration LONGEST_PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final Leases leases;
    private final Transport transport;
    private final LeaseTerms terms;
    private final LeaseListener listener;
    private final Object lock = new Object();

    // All of these are written under the lock.
    private Tagged<Route> held;
    private long validUntil;
    private @Nullable PortwayException failure;
    private @Nullable Future<?> next;
    private CompletableFuture<?> inFlight = CompletableFuture.completedFuture(null);
    private @Nullable CompletableFuture<Void> end;

    Lease(Leases leases, LeaseTerms terms, LeaseListener listener, Tagged<Route> held, long askedAt) {
        this.leases = leases;
        this.transport = leases.transport();
        this.terms = terms;
        this.listener = listener;
        this.held = held;
        this.validUntil = askedAt + terms.ttl().toNanos();
    }

    /** The route as the proxy has it. */
    public Route route() {
        synchronized (lock) {
            return held.value();
        }
    }

    /** How long the proxy keeps the route when it is not renewed. */
    public Duration ttl() {
        return terms.ttl();
    }

    /**
     * Whether the proxy has the route, as far as can be known: this is open, no other owner has taken the id, and the last
     * renewal that worked is no longer ago than the time to live.
     */
    public boolean alive() {
        synchronized (lock) {
            return end == null && System.nanoTime() - validUntil < 0;
        }
    }

    /** Why the last renewal did not work; empty where it did. */
    public Optional<PortwayException> failure() {
        synchronized (lock) {
            return Optional.ofNullable(failure);
        }
    }

    /**
     * Removes the route and waits until it is gone. Where the proxy cannot be reached, nothing is thrown: the route goes by
     * itself when its time to live is over. Closing again does nothing.
     */
    @Override
    public void close() {
        transport.await(end());
    }

    /** The id of the route and whether it is alive. */
    @Override
    public String toString() {
        return "Lease[" + terms.id() + ", " + (alive() ? "alive" : "not alive") + "]";
    }

    /** Begins to renew. */
    Lease start() {
        schedule(terms.pause());
        return this;
    }

    /** Removes the route; what is returned does not fail. */
    CompletableFuture<Void> end() {
        synchronized (lock) {
            if (end == null) {
                if (next != null) {
                    next.cancel(false);
                }
                // What is on its way may register the route again, so the removal comes after it.
                end = inFlight.handle((route, problem) -> null)
                        .thenCompose(nothing -> transport.sendAsync(terms.removing(etag())))
                        .handle((nothing, problem) -> ended());
            }
            return end;
        }
    }

    private @Nullable Void ended() {
        leases.ended(this);
        return null;
    }

    private String etag() {
        synchronized (lock) {
            return held.etag();
        }
    }

    private void schedule(Duration pause) {
        synchronized (lock) {
            if (end == null) {
                next = transport.timer().schedule(this::renew, pause.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
    }

    private void renew() {
        long askedAt = System.nanoTime();
        CompletableFuture<Tagged<Route>> renewal;
        synchronized (lock) {
            if (end != null) {
                return;
            }
            renewal = transport
                    .sendAsync(terms.renewing())
                    .exceptionallyCompose(problem -> Transport.cause(problem) instanceof NotFoundException
                            ? transport.sendAsync(terms.registering())
                            : CompletableFuture.failedFuture(Transport.cause(problem)));
            inFlight = renewal;
        }
        CompletableFuture<?> unused = renewal.handle((route, problem) -> {
            settle(askedAt, route, problem == null ? null : Transport.cause(problem));
            return null;
        });
    }

    private void settle(long askedAt, @Nullable Tagged<Route> renewed, @Nullable Throwable problem) {
        boolean failed;
        boolean restored;
        PortwayException present = problem instanceof PortwayException known ? known : null;
        synchronized (lock) {
            if (end != null || problem instanceof IllegalStateException) {
                return; // closed
            }
            failed = present != null && failure == null;
            restored = renewed != null && failure != null;
            failure = present;
            if (renewed != null) {
                held = renewed.etag().isEmpty() ? new Tagged<>(renewed.value(), held.etag()) : renewed;
                validUntil = askedAt + terms.ttl().toNanos();
            } else if (present instanceof ConflictException) {
                validUntil = System.nanoTime();
            }
        }
        Duration pause = terms.pause();
        schedule(
                problem == null || pause.compareTo(LONGEST_PAUSE_AFTER_FAILURE) < 0
                        ? pause
                        : LONGEST_PAUSE_AFTER_FAILURE);
        if (failed) {
            listener.failed(this, requireNonNull(present, "present"));
        } else if (restored) {
            listener.restored(this);
        }
    }
}
