package dev.portway.health;

import dev.portway.upstream.Backend;
import dev.portway.upstream.Condition;
import dev.portway.upstream.Condition.Health;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verdict on one backend: counts what the checks find and what traffic tells, and sets the backend's condition when
 * it changes. Thread-safe.
 */
final class Watch {

    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

    private final Backend backend;
    private final InstantSource clock;
    private final int rise;
    private final int fall;
    private final boolean trafficCounts;
    private int goodInARow; // guarded by this
    private int badInARow; // guarded by this

    /** By its own check where it has one, which alone decides then; else by a single look or what traffic tells. */
    Watch(Backend backend, InstantSource clock) {
        this.backend = backend;
        this.clock = clock;
        var health = backend.identity().health();
        this.rise = health == null ? 1 : health.rise();
        this.fall = health == null ? 1 : health.fall();
        this.trafficCounts = health == null;
    }

    Backend backend() {
        return backend;
    }

    /** What a check found. The first one decides by itself: a backend that is down at the start gets no traffic. */
    synchronized void checked(CheckResult result) {
        Health health = health();
        switch (result.kind()) {
            case GOOD -> {
                badInARow = 0;
                goodInARow++;
                if (health == Health.UNKNOWN || (health == Health.DOWN && goodInARow >= rise)) {
                    become(Health.UP, result.reason());
                }
            }
            case BAD -> {
                goodInARow = 0;
                badInARow++;
                if (health == Health.UNKNOWN || (health == Health.UP && badInARow >= fall)) {
                    become(Health.DOWN, result.reason());
                }
            }
            case UNSURE -> LOG.debug("backend {}: {}", backend, result.reason());
        }
    }

    /** Whether that brought it back. */
    boolean answered() {
        return trafficCounts && health() != Health.UP && turn(Health.UP, "answers requests");
    }

    /** Whether that took it out. */
    boolean failed(String reason) {
        return trafficCounts && health() != Health.DOWN && turn(Health.DOWN, reason);
    }

    Health health() {
        return backend.condition().health();
    }

    private synchronized boolean turn(Health health, String reason) {
        if (health() == health) {
            return false;
        }
        become(health, reason);
        return true;
    }

    private void become(Health health, String reason) {
        Health before = health();
        backend.condition(new Condition(health, clock.instant(), reason));
        if (health == Health.DOWN) {
            LOG.warn("backend down: {} ({})", backend, reason);
        } else if (before == Health.DOWN) {
            LOG.info("backend up: {} ({})", backend, reason);
        } else {
            LOG.debug("backend up: {} ({})", backend, reason);
        }
    }
}
