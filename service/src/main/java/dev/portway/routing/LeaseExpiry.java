package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.Lookout;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Ends leases when their time is over. It looks at least once a second, the shortest time a lease can have, so nobody need
 * tell it of a new one. Thread-safe; owns one thread.
 */
public final class LeaseExpiry implements Managed {

    private final RouteRegistry registry;
    private final InstantSource clock;
    private final Lookout lookout;

    public LeaseExpiry(RouteRegistry registry, InstantSource clock) {
        this.registry = requireNonNull(registry, "registry");
        this.clock = requireNonNull(clock, "clock");
        this.lookout = new Lookout("lease-expiry", this::pause, registry::expireLeases);
    }

    @Override
    public void start() {
        lookout.start();
    }

    @Override
    public void stop() throws InterruptedException {
        lookout.stop();
    }

    /** Until the first one is over, a second at most, and never none at all. */
    Duration pause() {
        Instant now = clock.instant();
        Duration next = registry.firstExpiry()
                .map(expiry -> Duration.between(now, expiry).plusMillis(1))
                .orElse(Lease.MIN_TTL);
        return Duration.ofMillis(Math.max(1, Math.min(next.toMillis(), Lease.MIN_TTL.toMillis())));
    }
}
