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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private Map<Question, Watching> watched = Map.of(); // guarded by this
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
        Map<Question, Watching> used = new HashMap<>();
        for (RouteConfig route : table.config().routes()) {
            for (TargetConfig target : route.targets()) {
                if (target.resolve().several()) {
                    Question question = new Question(target.url().host(), target.resolve());
                    Watching before = watched.get(question);
                    used.put(question, before == null ? new Watching(question) : before);
                }
            }
        }
        Map<Question, Watching> before = watched;
        watched = used;
        known.keySet().retainAll(used.keySet());
        failing.retainAll(used.keySet());
        if (started) {
            used.forEach((question, watching) -> {
                if (before.get(question) != watching) {
                    followOn(watching);
                }
            });
        }
    }

    /** Returns when each name known by now was asked for once, and after two seconds in any case. */
    @Override
    public void start() {
        begin().join();
    }

    private synchronized CompletableFuture<@Nullable Void> begin() {
        started = true;
        return CompletableFuture.allOf(
                        watched.values().stream().map(this::follow).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, FIRST_ROUND.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void stop() {
        scheduler.shutdownNow();
        lookups.shutdownNow();
        watched = Map.of();
    }

    /** Asks now, and again after a pause, for as long as the name is watched; done when the first answer is taken up. */
    private CompletableFuture<@Nullable Void> follow(Watching watching) {
        Question question = watching.question;
        return ask(question)
                .handleAsync(
                        (places, failure) -> {
                            try {
                                if (failure == null) {
                                    take(watching, places);
                                } else {
                                    failed(watching, Failures.unwrap(failure));
                                }
                            } finally {
                                if (lasts(watching)) {
                                    var unused = scheduler.schedule(
                                            () -> followOn(watching), pause.toNanos(), TimeUnit.NANOSECONDS);
                                }
                            }
                            return null;
                        },
                        scheduler);
    }

    private void followOn(Watching watching) {
        if (lasts(watching)) {
            var unused = follow(watching);
        }
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

    private void take(Watching watching, List<Place> found) {
        Question question = watching.question;
        if (failing.remove(question)) {
            LOG.info("{} can be looked up again", question.name);
        }
        Runnable tell;
        synchronized (this) {
            if (watched.get(question) != watching || found.equals(known.put(question, found))) {
                return;
            }
            tell = onChange;
        }
        LOG.info("{} stands for {}", question.name, describe(found));
        tell.run();
    }

    /** Said once, until it goes well again. */
    private void failed(Watching watching, Throwable failure) {
        Question question = watching.question;
        if (lasts(watching) && failing.add(question)) {
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

    /** Whether it is still the one: a name that goes and comes back is watched anew, and not twice. */
    private synchronized boolean lasts(Watching watching) {
        return watched.get(watching.question) == watching;
    }

    /** That a name is asked for again and again, from when a table first has it until one has it not. */
    private static final class Watching {
        final Question question;

        Watching(Question question) {
            this.question = question;
        }
    }

    private record Question(String name, Resolve resolve) {}
}
