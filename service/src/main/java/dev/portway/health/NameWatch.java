package dev.portway.health;

import static java.util.Objects.requireNonNull;

import com.google.common.net.InetAddresses;
import dev.portway.config.Resolve;
import dev.portway.config.RouteConfig;
import dev.portway.config.TargetConfig;
import dev.portway.routing.AddressBook;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import io.dropwizard.lifecycle.Managed;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the names whose targets stand for each of their addresses: asks for them again and again, and tells when an answer
 * is another one. What was known stays known while asking fails. Thread-safe.
 */
public final class NameWatch implements AddressBook, RouteTableListener, Managed {

    private static final Logger LOG = LoggerFactory.getLogger(NameWatch.class);

    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration FIRST_ROUND = Duration.ofSeconds(2);

    private final NameLookup names;
    private final Duration pause;
    private final ScheduledThreadPoolExecutor scheduler = CheckThreads.scheduler("portway-names");
    private final ConcurrentHashMap<String, List<String>> known = new ConcurrentHashMap<>();
    private Set<String> watched = Set.of(); // guarded by this
    private Runnable onChange = () -> {}; // guarded by this
    private boolean started; // guarded by this

    /** Asks by {@code names}, which the caller stops. */
    public NameWatch(NameLookup names) {
        this(names, PAUSE);
    }

    NameWatch(NameLookup names, Duration pause) {
        this.names = requireNonNull(names, "names");
        this.pause = requireNonNull(pause, "pause");
    }

    /** Has this run, on a thread of its own, whenever {@link #addressesOf} answers otherwise than before. */
    public synchronized void onChange(Runnable listener) {
        onChange = requireNonNull(listener, "listener");
    }

    @Override
    public List<String> addressesOf(String host) {
        return known.getOrDefault(host, List.of());
    }

    @Override
    public synchronized void tableChanged(RouteTable table) {
        Set<String> used = new HashSet<>();
        for (RouteConfig route : table.config().routes()) {
            for (TargetConfig target : route.targets()) {
                if (target.resolve() == Resolve.ALL) {
                    used.add(target.url().host());
                }
            }
        }
        Set<String> before = watched;
        watched = used;
        known.keySet().retainAll(used);
        if (started) {
            used.stream().filter(host -> !before.contains(host)).forEach(this::followOn);
        }
    }

    /** Returns when each name known by now was asked for once, and after two seconds in any case. */
    @Override
    public void start() {
        begin().join();
    }

    private synchronized CompletableFuture<@Nullable Void> begin() {
        started = true;
        return CompletableFuture.allOf(watched.stream().map(this::follow).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, FIRST_ROUND.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void stop() {
        scheduler.shutdownNow();
        watched = Set.of();
    }

    /** Asks now, and again after a pause, for as long as the name is watched; done when the first answer is taken up. */
    private CompletableFuture<@Nullable Void> follow(String host) {
        return names.addressesOf(host, LIMIT)
                .handleAsync(
                        (addresses, failure) -> {
                            if (failure == null) {
                                take(host, addresses);
                            } else {
                                LOG.debug("{}: {}", host, Failures.describe(Failures.unwrap(failure)));
                            }
                            if (watches(host)) {
                                var unused =
                                        scheduler.schedule(() -> followOn(host), pause.toNanos(), TimeUnit.NANOSECONDS);
                            }
                            return null;
                        },
                        scheduler);
    }

    private void followOn(String host) {
        var unused = follow(host);
    }

    private void take(String host, List<InetAddress> addresses) {
        List<String> found = addresses.stream()
                .map(InetAddresses::toAddrString)
                .distinct()
                .sorted()
                .toList();
        Runnable tell;
        synchronized (this) {
            if (!watched.contains(host) || found.equals(known.put(host, found))) {
                return;
            }
            tell = onChange;
        }
        LOG.info("{} stands for {}", host, String.join(", ", found));
        tell.run();
    }

    private synchronized boolean watches(String host) {
        return watched.contains(host);
    }
}
