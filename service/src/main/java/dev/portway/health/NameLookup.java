package dev.portway.health;

import static java.util.Objects.requireNonNull;

import io.dropwizard.lifecycle.Managed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the addresses of names on threads of its own, since asking blocks and cannot be ended. A name is asked for once
 * at a time, so that no more waits than there are names; what was answered holds for a while, and longer where asking
 * again fails, so that a backend that moved is found soon and a resolver that is down takes none out. Thread-safe.
 */
public final class NameLookup implements Managed {

    private static final Duration KNOWN = Duration.ofSeconds(10);
    private static final Duration UNKNOWN = Duration.ofSeconds(1);

    /** How long a new answer is waited for where there is an old one. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final int MAX_ANSWERS = 4096;

    /** Who is asked. */
    public interface Source {

        /** Blocks. */
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    private final Source source;
    private final LongSupplier nanoTime;
    private final ExecutorService threads = CheckThreads.lookups();
    private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> pending = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Answer> answers = new ConcurrentHashMap<>();

    /** Asks by {@code dns}. */
    public NameLookup(DnsClient dns) {
        this(dns::addressesOf, System::nanoTime);
    }

    /**
     * Asks {@code source}.
     *
     * @param nanoTime a clock that never runs backwards
     */
    public NameLookup(Source source, LongSupplier nanoTime) {
        this.source = requireNonNull(source, "source");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    }

    /**
     * The addresses of a name, in the order to try; fails if they are not known within the limit. An address is its own.
     *
     * @return done already where an answer still holds; else completed on another thread, which must not be kept
     */
    public CompletableFuture<List<InetAddress>> addressesOf(String host, Duration limit) {
        if (isAddress(host)) {
            return CompletableFuture.completedFuture(ask(InetAddress::getAllByName, host));
        }
        Answer known = answers.get(host);
        if (known != null && nanoTime.getAsLong() - known.until < 0) {
            return known.future();
        }
        CompletableFuture<List<InetAddress>> asked =
                pending.computeIfAbsent(host, this::begin).copy();
        if (known == null || known.addresses.isEmpty()) {
            return asked.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
        }
        return asked.completeOnTimeout(known.addresses, PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void stop() {
        threads.shutdownNow();
    }

    private CompletableFuture<List<InetAddress>> begin(String host) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        Answer answer = answer(host);
                        if (answers.size() >= MAX_ANSWERS) {
                            answers.clear();
                        }
                        answers.put(host, answer);
                        return answer.future().join();
                    } finally {
                        pending.remove(host);
                    }
                },
                threads);
    }

    private Answer answer(String host) {
        try {
            return new Answer(ask(source, host), until(KNOWN), null);
        } catch (CompletionException unknown) {
            Answer old = answers.get(host);
            List<InetAddress> addresses = old == null ? List.of() : old.addresses;
            return new Answer(addresses, until(UNKNOWN), unknown.getCause());
        }
    }

    private long until(Duration duration) {
        return nanoTime.getAsLong() + duration.toNanos();
    }

    private static List<InetAddress> ask(Source source, String host) {
        try {
            return List.of(source.addressesOf(host));
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    /** The configuration takes no name whose last part is a number. */
    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0
                || host.substring(host.lastIndexOf('.') + 1).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * What was answered last.
     *
     * @param addresses of an earlier answer where the last one was a failure; empty where there was none
     * @param until the nanosecond time from which it is asked again
     * @param failure null for none
     */
    private record Answer(
            List<InetAddress> addresses,
            long until,
            @Nullable Throwable failure) {

        CompletableFuture<List<InetAddress>> future() {
            return failure == null || !addresses.isEmpty()
                    ? CompletableFuture.completedFuture(addresses)
                    : CompletableFuture.failedFuture(failure);
        }
    }
}
