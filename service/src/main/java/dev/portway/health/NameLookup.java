package dev.portway.health;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks for the addresses of names on threads of its own, since asking blocks and cannot be ended. A name is asked for once
 * at a time, so that no more waits than there are names. Thread-safe.
 */
final class NameLookup {

    /** Who is asked. */
    interface Source {

        /** Blocks. */
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    private final Source source;
    private final ExecutorService threads = CheckThreads.lookups();
    private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> pending = new ConcurrentHashMap<>();

    NameLookup(Source source) {
        this.source = requireNonNull(source, "source");
    }

    /** The addresses; fails if they are not known within the limit. An address is its own, at once. */
    CompletableFuture<List<InetAddress>> addressesOf(String host, Duration limit) {
        if (isAddress(host)) {
            return CompletableFuture.completedFuture(ask(host));
        }
        return pending.computeIfAbsent(host, this::begin).copy().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    void stop() {
        threads.shutdownNow();
    }

    private CompletableFuture<List<InetAddress>> begin(String host) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return ask(host);
                    } finally {
                        pending.remove(host);
                    }
                },
                threads);
    }

    private List<InetAddress> ask(String host) {
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
}
