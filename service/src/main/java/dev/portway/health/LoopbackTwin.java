package dev.portway.health;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Looks behind a refusal: a development server that listens on ::1 alone refuses at 127.0.0.1, and the other way round,
 * which is worth a hint. Thread-safe.
 */
public final class LoopbackTwin {

    private static final Duration LIMIT = Duration.ofMillis(200);

    private final Dialer dialer;

    public LoopbackTwin(Dialer dialer) {
        this.dialer = requireNonNull(dialer, "dialer");
    }

    /**
     * The other loopback address of the same port, if something answers there.
     *
     * @param refused where nothing did
     * @return never fails and is done within 200 ms, at once for what is neither 127.0.0.1 nor ::1; completed on the
     *     dialer's thread, which must not be kept
     */
    public CompletableFuture<Optional<InetSocketAddress>> answering(InetSocketAddress refused) {
        InetAddress address = refused.getAddress();
        InetAddress other;
        if (Loopback.V4.equals(address)) {
            other = Loopback.V6;
        } else if (Loopback.V6.equals(address)) {
            other = Loopback.V4;
        } else {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        InetSocketAddress twin = new InetSocketAddress(other, refused.getPort());
        return dialer.dial(twin, LIMIT)
                .handle((done, failure) -> failure == null ? Optional.of(twin) : Optional.empty());
    }
}
