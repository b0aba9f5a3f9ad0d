package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends leases when their time is over. It looks at least once a second, the shortest time a lease can have, so nobody need
 * tell it of a new one. Thread-safe; owns one thread.
 */
public final class LeaseExpiry implements Managed {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseExpiry.class);

    private final RouteRegistry registry;
    private final InstantSource clock;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);

    public LeaseExpiry(RouteRegistry registry, InstantSource clock) {
        this.registry = requireNonNull(registry, "registry");
        this.clock = requireNonNull(clock, "clock");
        this.thread = new Thread(this::run, "lease-expiry");
        this.thread.setDaemon(true);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() throws InterruptedException {
        stopped.countDown();
        thread.join();
    }

    private void run() {
        try {
            while (!stopped.await(pause(), TimeUnit.MILLISECONDS)) {
                expire();
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }

    /** A defect elsewhere must not end the expiring. */
    private void expire() {
        try {
            registry.expireLeases();
        } catch (RuntimeException e) {
            LOG.error("failed to end leases", e);
        }
    }

    private long pause() {
        Instant now = clock.instant();
        Duration next = registry.firstExpiry()
                .map(expiry -> Duration.between(now, expiry).plusMillis(1))
                .orElse(Lease.MIN_TTL);
        return Math.max(1, Math.min(next.toMillis(), Lease.MIN_TTL.toMillis()));
    }
}
