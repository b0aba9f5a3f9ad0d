package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TargetUrl;
import dev.portway.upstream.Backend;
import org.jspecify.annotations.Nullable;

/**
 * A backend as the exchanges of one loop reach it. Equal to any other of the same loop and the same identity, so that a
 * backend that was forgotten and comes back finds its connections. Immutable.
 */
public record LoopBackend(EventLoop loop, Backend backend) implements LoopTag, BackendTag {

    public LoopBackend {
        requireNonNull(loop, "loop");
        requireNonNull(backend, "backend");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoopBackend that
                && loop == that.loop
                && (backend == that.backend || backend.identity().equals(that.backend.identity()));
    }

    /** Asked for with each request: leaves out what takes long, such as certificates. */
    @Override
    public int hashCode() {
        TargetUrl url = backend.identity().url();
        return 31 * System.identityHashCode(loop) + 17 * url.host().hashCode() + url.port();
    }
}
