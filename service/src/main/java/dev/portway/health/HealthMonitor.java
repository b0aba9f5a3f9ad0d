package dev.portway.health;

import static java.util.Objects.requireNonNull;

import dev.portway.config.HealthConfig;
import dev.portway.config.LimitsConfig;
import dev.portway.config.TargetUrl;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Condition.Health;
import dev.portway.upstream.Standing;
import dev.portway.upstream.Target;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the condition of every backend in use. Thread-safe. What decides depends on the backend:
 *
 * <ul>
 *   <li>where the route writes {@code health}: its HTTP check alone;
 *   <li>on loopback: whether a TCP connection is refused, and traffic;
 *   <li>elsewhere: traffic; while down, also whether a TCP connection is made.
 * </ul>
 *
 * Besides, requests that fail eject a target for a while, where its route has a rule for that.
 */
public final class HealthMonitor implements RouteTableListener, TrafficOutcomes, Managed {

    private final BackendPorts ports;
    private final Probe probe;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final Pace pace;
    private final ScheduledThreadPoolExecutor scheduler = CheckThreads.scheduler("portway-health");
    private final CheckGate gate = new CheckGate(LimitsConfig.DEFAULT.checks(), scheduler);
    private final ConcurrentHashMap<Backend, Post> posts = new ConcurrentHashMap<>();
    private final CompletableFuture<@Nullable Void> firstRound = new CompletableFuture<>();
    private final Ejections ejections;
    private boolean started; // guarded by this

    /**
     * Looks by these, which the caller stops.
     *
     * @param random from 0 to below 1, asked by any thread
     */
    public HealthMonitor(Dialer dialer, Probe probe, NameLookup names, InstantSource clock, DoubleSupplier random) {
        this(dialer, probe, names, clock, random, Pace.DEFAULT);
    }

    HealthMonitor(Dialer dialer, Probe probe, NameLookup names, InstantSource clock, DoubleSupplier random, Pace pace) {
        this.ports = new BackendPorts(dialer, names);
        this.probe = requireNonNull(probe, "probe");
        this.clock = requireNonNull(clock, "clock");
        this.random = requireNonNull(random, "random");
        this.pace = requireNonNull(pace, "pace");
        this.ejections = new Ejections(scheduler, random);
    }

    /**
     * Begins the first round, of all backends known by now. Returns when those that have a check of their own have been
     * looked at, and after two seconds in any case: what comes in afterwards is not sent to one that is known to be dead.
     */
    @Override
    public void start() {
        begin().join();
    }

    private synchronized CompletableFuture<@Nullable Void> begin() {
        started = true;
        posts.values().forEach(Post::begin);
        var unused = looked(post -> true).thenRun(() -> firstRound.complete(null));
        return looked(post -> post.interval != null);
    }

    /** Done when each of these has been looked at for the first time, and after a while in any case. */
    private CompletableFuture<@Nullable Void> looked(Predicate<Post> of) {
        CompletableFuture<?>[] looks =
                posts.values().stream().filter(of).map(post -> post.firstLook).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(looks)
                .completeOnTimeout(null, pace.firstRound().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Done when each backend there was at the start has been looked at, and after two seconds in any case. */
    public CompletableFuture<@Nullable Void> firstRound() {
        return firstRound.copy();
    }

    @Override
    public synchronized void stop() {
        scheduler.shutdownNow();
        posts.clear();
    }

    /** Looks at new backends at once, forgets those no longer used, and leaves the others as they are. */
    @Override
    public synchronized void tableChanged(RouteTable table) {
        gate.limit(table.config().proxy().limits().checks());
        Set<Backend> used = BackendsInUse.of(table);
        posts.entrySet()
                .removeIf(entry ->
                        !used.contains(entry.getKey()) && entry.getValue().abandon());
        for (Backend backend : used) {
            Post post = posts.get(backend);
            if (post == null) {
                post = post(backend);
                posts.put(backend, post);
                if (started) {
                    post.begin();
                }
            }
        }
    }

    @Override
    public void backendAnswered(Target target, Standing.@Nullable State under, int status) {
        ejections.answered(target, under, status);
        answered(target.backend());
    }

    @Override
    public void backendBusy(Target target, int status, Duration time) {
        ejections.busy(target, status, time);
        answered(target.backend());
    }

    private void answered(Backend backend) {
        if (backend.condition().health() == Health.UP) {
            return;
        }
        Post post = posts.get(backend);
        if (post != null) {
            post.watch.answered();
        }
    }

    @Override
    public void backendFailed(Target target, Standing.@Nullable State under, String reason, boolean connected) {
        ejections.failed(target, under, reason);
        Backend backend = target.backend();
        // One bad request may spoil a connection, and a look by TCP would contradict a verdict based on that.
        if (!connected && backend.condition().health() != Health.DOWN) {
            unreachable(backend, reason);
        }
    }

    private void unreachable(Backend backend, String reason) {
        Post post = posts.get(backend);
        if (post != null && post.watch.failed(reason)) {
            post.lookIn(pace.whileDown());
        }
    }

    private Post post(Backend backend) {
        HealthConfig health = backend.identity().health();
        if (health != null) {
            return new Post(backend, check(backend, health), health.interval(), true);
        }
        TargetUrl url = backend.identity().url();
        boolean here = url.local() || !Loopback.addressesOf(url.host()).isEmpty();
        Check check = ports.check(url, url.port(), pace.connect(), false);
        return new Post(backend, check, null, here);
    }

    private Check check(Backend backend, HealthConfig health) {
        if (!health.tcp()) {
            return new HttpCheck(probe, backend, health);
        }
        TargetUrl url = backend.identity().url();
        int port = health.port() == 0 ? url.port() : health.port();
        return ports.check(url, port, health.timeout(), true);
    }

    /** One backend under watch, and when it is looked at next. */
    private final class Post {

        private final Watch watch;
        private final Check check;
        private final @Nullable Duration interval; // of its own check; null for none
        private final boolean always; // looked at while it is well, too
        private final CompletableFuture<@Nullable Void> firstLook = new CompletableFuture<>();
        private @Nullable ScheduledFuture<?> next; // guarded by this
        private boolean abandoned; // guarded by this

        Post(Backend backend, Check check, @Nullable Duration interval, boolean always) {
            this.watch = new Watch(backend, clock);
            this.check = check;
            this.interval = interval;
            this.always = always;
        }

        /** Looks for the first time, if it is to be looked at. */
        void begin() {
            if (always || watch.health() == Health.DOWN) {
                lookIn(Duration.ZERO);
            } else {
                firstLook.complete(null);
            }
        }

        synchronized void lookIn(Duration delay) {
            if (next != null) {
                next.cancel(false);
            }
            if (!abandoned) {
                next = scheduler.schedule(this::look, delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        /** Ends the looking; always true. */
        synchronized boolean abandon() {
            abandoned = true;
            firstLook.complete(null);
            if (next != null) {
                next.cancel(false);
            }
            return true;
        }

        private synchronized boolean abandoned() {
            return abandoned;
        }

        private void look() {
            var unused = gate.pass(this::check).whenComplete((result, failure) -> {
                if (abandoned()) {
                    return;
                }
                watch.checked(failure == null ? result : CheckResult.unsure(Failures.describe(failure)));
                firstLook.complete(null);
                lookAgain();
            });
        }

        /** Whose backend is gone when its turn comes holds nobody up. */
        private CompletableFuture<CheckResult> check() {
            return abandoned() ? CompletableFuture.completedFuture(CheckResult.unsure("out of use")) : check.run();
        }

        private void lookAgain() {
            if (interval != null) {
                lookIn(interval.minusNanos((long) (interval.toNanos() * random.getAsDouble() / 10)));
            } else if (watch.health() == Health.DOWN) {
                lookIn(pace.whileDown());
            } else if (always) {
                lookIn(pace.loopback(posts.size()));
            }
        }
    }
}
