package dev.portway.health;

import java.net.ConnectException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects and hangs up. Any of a host's addresses will do; a connection that is neither made nor refused says nothing
 * on loopback, where it means a server too busy to accept, unless the check is the route's own and told to decide.
 */
final class TcpCheck implements Check {

    private final Dialer dialer;
    private final Supplier<CompletableFuture<List<? extends SocketAddress>>> resolver;
    private final Duration limit;
    private final boolean strict; // no connection in time is bad

    TcpCheck(
            Dialer dialer,
            Supplier<CompletableFuture<List<? extends SocketAddress>>> resolver,
            Duration limit,
            boolean strict) {
        this.dialer = dialer;
        this.resolver = resolver;
        this.limit = limit;
        this.strict = strict;
    }

    @Override
    public CompletableFuture<CheckResult> run() {
        return resolver.get().thenCompose(addresses -> dial(addresses, 0, null)).exceptionally(this::failed);
    }

    /** @param before what says most of the failures at the addresses before; null for none */
    private CompletableFuture<CheckResult> dial(
            List<? extends SocketAddress> addresses, int index, @Nullable Throwable before) {
        return dialer.dial(addresses.get(index), limit)
                .thenApply(done -> CheckResult.good("accepts connections"))
                .exceptionallyCompose(failure -> {
                    Throwable worst = telling(before, Failures.unwrap(failure));
                    return index + 1 < addresses.size()
                            ? dial(addresses, index + 1, worst)
                            : CompletableFuture.failedFuture(worst);
                });
    }

    /**
     * Of two failures the one that says more: something may be there that is too busy; or else nothing is; or else, as of an
     * address of a family that this machine has not, nothing is known.
     */
    private static Throwable telling(@Nullable Throwable one, Throwable other) {
        if (one == null || other instanceof TimeoutException) {
            return other;
        }
        return one instanceof TimeoutException || one instanceof ConnectException ? one : other;
    }

    private CheckResult failed(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof ConnectException) {
            return CheckResult.bad("connection refused");
        }
        String reason = cause instanceof TimeoutException ? "no connection in time" : Failures.describe(cause);
        return strict ? CheckResult.bad(reason) : CheckResult.unsure(reason);
    }
}
