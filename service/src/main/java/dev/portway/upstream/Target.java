package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import org.jspecify.annotations.Nullable;

/**
 * A route's way to one backend. Immutable; the backend within lives.
 *
 * @param backend where requests go
 * @param url with the base path and query to join
 * @param weight 0..1000
 * @param state as the configuration has it
 * @param hostHeader to send instead of the client's; null to preserve the client's
 */
public record Target(
        Backend backend,
        TargetUrl url,
        int weight,
        TargetState state,
        @Nullable String hostHeader) {

    public Target {
        requireNonNull(backend, "backend");
        requireNonNull(url, "url");
        requireNonNull(state, "state");
    }

    /** Whether a person lets it take new requests: the admin API's word, else the configuration's. */
    public boolean enabled() {
        TargetState override = backend.override();
        return (override == null ? state : override) == TargetState.UP && weight > 0;
    }
}
