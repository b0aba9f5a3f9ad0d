package dev.portway.tunnel;

import dev.portway.exchange.ProxyError;
import org.jspecify.annotations.Nullable;

/** Why a tunnel ended. */
public enum TunnelEnd {
    /** Each side has said that it has no more to say. */
    CLOSED(null, null),
    CLIENT_LOST(ProxyError.CLIENT_CLOSED, "the client's connection broke"),
    BACKEND_LOST(ProxyError.CONNECTION_TERMINATED, "the backend's connection broke"),
    IDLE(null, "nothing was said for as long as timeouts.tunnel lets be"),
    HALF_OPEN(null, "one side had ended, and the other said nothing for as long as timeouts.stream lets be"),
    BACKEND_DOWN(null, "its backend was set down"),
    ADMIN(null, "closed by the admin API"),
    SHUTDOWN(null, "the proxy stopped");

    private final @Nullable ProxyError error;
    private final @Nullable String cause;

    TunnelEnd(@Nullable ProxyError error, @Nullable String cause) {
        this.error = error;
        this.cause = cause;
    }

    /** What is recorded as an error; null for nothing. */
    public @Nullable ProxyError error() {
        return error;
    }

    /** For people; null if there is nothing to say. */
    public @Nullable String cause() {
        return cause;
    }
}
