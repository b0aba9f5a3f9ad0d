package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a tunnel is for. Immutable.
 *
 * @param kind {@code connect}, {@code websocket} or another token of {@code Upgrade}
 * @param routeId null where no route was asked, as for CONNECT
 * @param backend {@code host:port} of the other end
 * @param client address of the client
 * @param idle how long nothing may move; zero for no limit
 * @param halfOpen the same once one side has ended; zero for no limit
 */
public record TunnelSubject(
        String kind, @Nullable String routeId, String backend, String client, Duration idle, Duration halfOpen) {

    public TunnelSubject {
        requireNonNull(kind, "kind");
        requireNonNull(backend, "backend");
        requireNonNull(client, "client");
        requireNonNull(idle, "idle");
        requireNonNull(halfOpen, "halfOpen");
    }

    /** The limit once one side has ended, in milliseconds; 0 for none. */
    long halfOpenMillis() {
        if (idle.isZero() || halfOpen.isZero()) {
            return idle.plus(halfOpen).toMillis();
        }
        return Math.min(idle.toMillis(), halfOpen.toMillis());
    }
}
