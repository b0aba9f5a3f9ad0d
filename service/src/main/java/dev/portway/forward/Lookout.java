package dev.portway.forward;

import dev.portway.health.BackendPorts;
import dev.portway.upstream.Backend;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Looks after the backends that requests wait for, each every 50 ms, once for all of them: whether something listens now, by
 * one connection, where nothing did; and whether there is a place of which nobody tells, such as that of a target which came up
 * or may have more requests in a new span. Thread-safe.
 */
final class Lookout {

    private static final long PAUSE_MILLIS = 50;
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final BackendPorts ports;
    private final Scheduler scheduler;
    private final Runnable looking;
    private final Set<Backend> watched = new HashSet<>(); // guarded by this

    /** @param looking told before each look, by any thread */
    Lookout(BackendPorts ports, Scheduler scheduler, Runnable looking) {
        this.ports = ports;
        this.scheduler = scheduler;
        this.looking = looking;
    }

    /** Begins to look, after somebody has begun to wait. */
    void watch(Backend backend) {
        synchronized (this) {
            if (!watched.add(backend)) {
                return;
            }
        }
        lookSoon(backend);
    }

    private void lookSoon(Backend backend) {
        scheduler.schedule(() -> look(backend), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look(Backend backend) {
        looking.run();
        if (nobodyWaits(backend)) {
            backend.heard(); // nobody would tell when that becomes true
            return;
        }
        if (!backend.silent()) {
            backend.serveLine();
            lookSoon(backend);
            return;
        }
        var unused = ports.listening(backend.identity().url(), CONNECT).thenAccept(listening -> {
            if (listening) {
                backend.heard();
            }
            lookSoon(backend);
        });
    }

    /** If so, whoever comes begins anew. */
    private synchronized boolean nobodyWaits(Backend backend) {
        return backend.waiting() == 0 && watched.remove(backend);
    }
}
