package dev.portway.health;

import static java.util.Objects.requireNonNull;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import dev.portway.config.Resolve;
import dev.portway.config.RouteConfig;
import dev.portway.config.TargetConfig;
import dev.portway.routing.NameBook;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import io.dropwizard.lifecycle.Managed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the names of targets that stand for several backends: asks for them again and again, and tells when an answer is
 * another one. What was known stays known while asking fails. Thread-safe.
 */
public final class NameWatch implements NameBook, RouteTableListener, Managed {

    private static final Logger LOG = LoggerFactory.getLogger(NameWatch.class);

    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration FIRST_ROUND = Duration.ofSeconds(2);

    private final NameLookup names;
    private final DnsClient dns;
    private final Duration pause;
    private final ScheduledThreadPoolExecutor scheduler = CheckThreads.scheduler("portway-names");
    private final ExecutorService lookups = CheckThreads.lookups();
    private final ConcurrentHashMap<Question, List<Place>> known = new ConcurrentHashMap<>();
    private final Set<Question> failing = ConcurrentHashMap.newKeySet();
    private Set<Question> watched = Set.of(); // guarded by this
    private Runnable onChange = () -> {}; // guarded by this
    private boolean started; // guarded by this

    /**
     * Follows none yet.
     *
     * @param names for addresses; the caller stops it
     * @param dns for SRV records
     */
    public NameWatch(NameLookup names, DnsClient dns) {
        this(names, dns, PAUSE);
    }

    NameWatch(NameLookup names, DnsClient dns, Duration pause) {
        this.names = requireNonNull(names, "names");
        this.dns = requireNonNull(dns, "dns");
        this.pause = requireNonNull(pause, "pause");
    }

    /** Has this run, on a thread of its own, whenever {@link #placesOf} answers otherwise than before. */
    public synchronized void onChange(Runnable listener) {
        onChange = requireNonNull(listener, "listener");
    }

    @Override
    public List<Place> placesOf(String name, Resolve resolve) {
        return known.getOrDefault(new Question(name, resolve), List.of());
    }

    @Override
    public synchronized void tableChanged(RouteTable table) {
        Set<Question> used = new HashSet<>();
        for (RouteConfig route : table.config().routes()) {
            for (TargetConfig target : route.targets()) {
                if (target.resolve().several()) {
                    used.add(new Question(target.url().host(), target.resolve()));
                }
            }
        }
        Set<Question> before = watched;
        watched = used;
        known.keySet().retainAll(used);
        failing.retainAll(used);
        if (started) {
            used.stream().filter(question -> !before.contains(question)).forEach(this::followOn);
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
        lookups.shutdownNow();
        watched = Set.of();
    }

    /** Asks now, and again after a pause, for as long as the name is watched; done when the first answer is taken up. */
    private CompletableFuture<@Nullable Void> follow(Question question) {
        return ask(question)
                .handleAsync(
                        (places, failure) -> {
                            if (failure == null) {
                                take(question, places);
                            } else {
                                failed(question, Failures.unwrap(failure));
                            }
                            if (watches(question)) {
                                var unused = scheduler.schedule(
                                        () -> followOn(question), pause.toNanos(), TimeUnit.NANOSECONDS);
                            }
                            return null;
                        },
                        scheduler);
    }

    private void followOn(Question question) {
        var unused = follow(question);
    }

    private CompletableFuture<List<Place>> ask(Question question) {
        return switch (question.resolve) {
            case ONE, ALL -> names.addressesOf(question.name, LIMIT).thenApply(NameWatch::places);
            case SRV ->
                CompletableFuture.supplyAsync(() -> servicesOf(question.name), lookups)
                        .thenApply(ServiceRecord::places)
                        .orTimeout(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        };
    }

    private static List<Place> places(List<InetAddress> addresses) {
        return addresses.stream()
                .map(InetAddresses::toAddrString)
                .distinct()
                .sorted()
                .map(Place::at)
                .toList();
    }

    private List<ServiceRecord> servicesOf(String name) {
        try {
            return dns.servicesOf(name);
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    private void take(Question question, List<Place> found) {
        if (failing.remove(question)) {
            LOG.info("{} can be looked up again", question.name);
        }
        Runnable tell;
        synchronized (this) {
            if (!watched.contains(question) || found.equals(known.put(question, found))) {
                return;
            }
            tell = onChange;
        }
        LOG.info("{} stands for {}", question.name, describe(found));
        tell.run();
    }

    /** Said once, until it goes well again. */
    private void failed(Question question, Throwable failure) {
        if (watches(question) && failing.add(question)) {
            List<Place> kept = placesOf(question.name, question.resolve);
            LOG.warn(
                    "{} cannot be looked up, {}: {}",
                    question.name,
                    kept.isEmpty() ? "and its requests fail" : "and goes on standing for " + describe(kept),
                    Failures.describe(failure));
        }
    }

    private static String describe(List<Place> places) {
        return places.stream()
                .map(place -> place.port() == Place.TARGETS_PORT
                        ? place.host()
                        : HostAndPort.fromParts(place.host(), place.port())
                                + (place.weight() == 1 ? "" : " (weight " + place.weight() + ")"))
                .collect(Collectors.joining(", "));
    }

    private synchronized boolean watches(Question question) {
        return watched.contains(question);
    }

    private record Question(String name, Resolve resolve) {}
}
