package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One route as written, with defaults filled in. Immutable.
 *
 * @param id unique; made from host and path where the file has none
 * @param host names it serves, lower case, IDN as A-labels: exact, {@code *.suffix} or an IP literal; empty for any
 * @param path prefix on segment boundaries, normalised; {@code /} for any
 * @param methods served; empty for any
 * @param headers that a request must carry, name to value; {@code *} for any value
 * @param enabled whether it takes requests
 * @param metadata the user's own notes, kept and shown, never read
 * @param targets where requests go, at least one
 * @param loadBalancing how one of several targets is chosen
 * @param health the active check, or null for none
 * @param timeouts its own time limits
 * @param hostHeader {@code "preserve"}, {@code "target"} or a name to send as {@code Host}; null for the default rule
 */
public record RouteConfig(
        String id,
        List<String> host,
        String path,
        List<String> methods,
        Map<String, String> headers,
        boolean enabled,
        Map<String, Object> metadata,
        List<TargetConfig> targets,
        LoadBalancing loadBalancing,
        @Nullable HealthConfig health,
        RouteTimeoutsConfig timeouts,
        @Nullable String hostHeader) {

    public RouteConfig {
        requireNonNull(id, "id");
        host = List.copyOf(host);
        requireNonNull(path, "path");
        methods = List.copyOf(methods);
        headers = Map.copyOf(headers);
        metadata = Map.copyOf(metadata);
        targets = List.copyOf(targets);
        requireNonNull(loadBalancing, "loadBalancing");
        requireNonNull(timeouts, "timeouts");
    }
}
