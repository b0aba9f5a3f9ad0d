package dev.portway.health;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Connects and hangs up. Any of a host's addresses will do; a connection that is neither made nor refused says nothing
 * on loopback, where it means a server too busy to accept.
 */
final class TcpCheck implements Check {

    private final Dialer dialer;
    private final Supplier<CompletableFuture<List<InetAddress>>> resolver;
    private final int port;
    private final Duration limit;

    TcpCheck(Dialer dialer, Supplier<CompletableFuture<List<InetAddress>>> resolver, int port, Duration limit) {
        this.dialer = dialer;
        this.resolver = resolver;
        this.port = port;
        this.limit = limit;
    }

    @Override
    public CompletableFuture<CheckResult> run() {
        return resolver.get().thenCompose(addresses -> dial(addresses, 0)).exceptionally(TcpCheck::failed);
    }

    private CompletableFuture<CheckResult> dial(List<InetAddress> addresses, int index) {
        InetSocketAddress address = new InetSocketAddress(addresses.get(index), port);
        return dialer.dial(address, limit)
                .thenApply(done -> CheckResult.good("accepts connections"))
                .exceptionallyCompose(failure -> index + 1 < addresses.size()
                        ? dial(addresses, index + 1)
                        : CompletableFuture.failedFuture(failure));
    }

    private static CheckResult failed(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof ConnectException) {
            return CheckResult.bad("connection refused");
        }
        return CheckResult.unsure(
                cause instanceof TimeoutException ? "no connection in time" : Failures.describe(cause));
    }
}
