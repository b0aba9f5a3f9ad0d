package dev.portway.health;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TargetUrl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Finds out by TCP whether something listens at a backend. Nobody waits. Thread-safe. */
public final class BackendPorts {

    private final Dialer dialer;
    private final NameLookup names;

    /** Looks by these, which the caller stops. */
    public BackendPorts(Dialer dialer, NameLookup names) {
        this.dialer = requireNonNull(dialer, "dialer");
        this.names = requireNonNull(names, "names");
    }

    /**
     * Whether a connection can be made to one of the addresses of {@code url}.
     *
     * @param limit for each of them
     * @return never fails; completed on a thread which must not be kept
     */
    public CompletableFuture<Boolean> listening(TargetUrl url, Duration limit) {
        return check(url, url.port(), limit, false)
                .run()
                .handle((result, failure) -> failure == null && result.kind() == CheckResult.Kind.GOOD);
    }

    /**
     * A check by TCP alone.
     *
     * @param strict whether no connection in time is bad
     */
    Check check(TargetUrl url, int port, Duration limit, boolean strict) {
        return new TcpCheck(dialer, () -> addressesOf(url, port, limit), limit, strict);
    }

    private CompletableFuture<List<? extends SocketAddress>> addressesOf(TargetUrl url, int port, Duration limit) {
        if (url.local()) {
            return CompletableFuture.completedFuture(List.of(UnixDomainSocketAddress.of(url.host())));
        }
        List<InetAddress> loopback = Loopback.addressesOf(url.host());
        return (loopback.isEmpty() ? names.addressesOf(url.host(), limit) : CompletableFuture.completedFuture(loopback))
                .thenApply(addresses -> addresses.stream()
                        .map(address -> new InetSocketAddress(address, port))
                        .toList());
    }
}
