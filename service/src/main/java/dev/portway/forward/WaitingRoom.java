package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.LimitsConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.health.BackendPorts;
import dev.portway.routing.RouteTable;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Wait;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.eclipse.jetty.util.component.Graceful;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * All requests that wait for a target, as many as may, and what is kept of their bodies. When the proxy stops, those for whose
 * backends nobody listens are let go at once; those that wait for a place are in flight like any other. Thread-safe.
 */
final class WaitingRoom implements Graceful {

    private static final Failure FULL = new Failure(
            ProxyError.NO_BACKEND,
            "nothing listens at any target of the route, and as many requests wait for that as may",
            "start the service, or raise limits.heldRequests");

    static final Failure STOPPING =
            new Failure(ProxyError.NO_BACKEND, "nothing listens at any target of the route, and the proxy is stopping");

    private final Supplier<RouteTable> tables;
    private final int mostHeld;
    private final int mostBytes;
    private final Lookout lookout;
    private final Set<Waiting> all = ConcurrentHashMap.newKeySet();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong arrivals = new AtomicLong();
    private final AtomicReference<RouteTable> told; // those that wait know of it
    private final Shutdown shutdown = new Shutdown(this) {
        @Override
        public boolean isShutdownDone() {
            return all.isEmpty();
        }
    };

    WaitingRoom(Supplier<RouteTable> tables, LimitsConfig limits, BackendPorts ports, Scheduler scheduler) {
        this.tables = requireNonNull(tables, "tables");
        this.told = new AtomicReference<>(tables.get());
        this.mostHeld = limits.heldRequests();
        this.mostBytes = limits.heldBytes();
        this.lookout = new Lookout(requireNonNull(ports, "ports"), requireNonNull(scheduler, "scheduler"), this::look);
    }

    long arrival() {
        return arrivals.getAndIncrement();
    }

    /** Tells those that wait, in the order in which they came, where there is another table since it was last looked at. */
    private void look() {
        RouteTable table = tables.get();
        if (!table.equals(told.getAndSet(table))) {
            all.stream().sorted(Comparator.comparingLong(Waiting::arrival)).forEach(Waiting::edited);
        }
    }

    /** Requests held until something listens at their backends. */
    int held() {
        return held.get();
    }

    /** Requests that wait for a place. */
    int queued() {
        return Math.max(0, all.size() - held.get());
    }

    /** Why one was not let in that is to be held. */
    Failure refusal() {
        return isShutdown() ? STOPPING : FULL;
    }

    /** Lets {@code waiting} in, if there is room; {@link #leave} must follow. */
    boolean enter(Waiting waiting) {
        boolean holds = waiting.reason() == Wait.For.LISTENER;
        if (holds && held.incrementAndGet() > mostHeld) {
            held.decrementAndGet();
            return false;
        }
        all.add(waiting);
        if (holds && shutdown.isShutdown()) { // looked at afterwards, so that it is not missed by shutdown()
            leave(waiting);
            return false;
        }
        return true;
    }

    void leave(Waiting waiting) {
        if (all.remove(waiting)) {
            if (waiting.reason() == Wait.For.LISTENER) {
                held.decrementAndGet();
            }
            shutdown.check();
        }
    }

    /** Looks, as long as somebody waits for {@code backend}, whether it can take more. */
    void watch(Backend backend) {
        lookout.watch(backend);
    }

    /** Whether more may be kept of bodies. */
    boolean hasBytes() {
        return bytes.get() < mostBytes;
    }

    /** @param count of bytes that are kept from now on; negative where they are not any more */
    void keep(long count) {
        bytes.addAndGet(count);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        CompletableFuture<Void> done = shutdown.shutdown();
        for (Waiting waiting : all) {
            if (waiting.reason() == Wait.For.LISTENER) {
                waiting.dismiss();
            }
        }
        return done;
    }

    @Override
    public boolean isShutdown() {
        return shutdown.isShutdown();
    }
}
