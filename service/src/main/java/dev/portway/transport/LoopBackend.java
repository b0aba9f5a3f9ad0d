package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ProxyProtocol;
import dev.portway.config.TargetUrl;
import dev.portway.upstream.Backend;
import java.util.Objects;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A backend as the exchanges of one loop reach it. Equal to any other of the same loop and the same identity, so that a
 * backend that was forgotten and comes back finds its connections; a backend that is told whose connections it gets has
 * those of each client apart. Immutable.
 */
public record LoopBackend(
        EventLoop loop, Backend backend, @Nullable Announcement announcement)
        implements LoopTag, BackendTag, ClientConnectionFactory.Decorator {

    public LoopBackend {
        requireNonNull(loop, "loop");
        requireNonNull(backend, "backend");
    }

    /**
     * The backend as {@code request} reaches it.
     *
     * @param loop that of the request
     */
    public static LoopBackend of(EventLoop loop, Backend backend, Request request) {
        ProxyProtocol version = backend.identity().proxyProtocol();
        ConnectionMetaData from = request.getConnectionMetaData();
        return new LoopBackend(
                loop,
                backend,
                version == null
                        ? null
                        : Announcement.of(version, from.getRemoteSocketAddress(), from.getLocalSocketAddress()));
    }

    @Override
    public ClientConnectionFactory apply(ClientConnectionFactory next) {
        return announcement == null ? next : announcement.before(next);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoopBackend that
                && loop == that.loop
                && Objects.equals(announcement, that.announcement)
                && (backend == that.backend || backend.identity().equals(that.backend.identity()));
    }

    /** Asked for with each request: leaves out what takes long, such as certificates. */
    @Override
    public int hashCode() {
        TargetUrl url = backend.identity().url();
        return 31 * System.identityHashCode(loop) + 17 * url.host().hashCode() + url.port();
    }
}
