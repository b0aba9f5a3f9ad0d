package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the proxy does. Immutable.
 *
 * @param version of the proxy
 * @param startedAt when the process began to serve
 * @param uptimeSeconds since then, whole seconds
 * @param listeners where it takes requests: {@code http://localhost:8080}, then {@code https://localhost:8443} if it does;
 *     empty where the proxy does not say
 * @param revision entity tag of the list of routes in force, in quotes
 * @param routes how many there are, disabled ones included
 * @param leases of those that are leased, the next to expire first
 * @param lastReload what the last reading of the file did
 * @param responses answers sent to clients since the start, by class of status: {@code 1xx} to {@code 5xx}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StatusView(
        String version,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant startedAt,
        long uptimeSeconds,
        List<String> listeners,
        String revision,
        int routes,
        List<LeaseView> leases,
        ReloadView lastReload,
        Map<String, Long> responses) {

    /**
     * A view with these parts; null for {@code listeners}, {@code leases} or {@code responses} becomes an empty list or map.
     *
     * @throws NullPointerException if another one is null
     */
    public StatusView(
            String version,
            Instant startedAt,
            long uptimeSeconds,
            @Nullable List<String> listeners,
            String revision,
            int routes,
            @Nullable List<LeaseView> leases,
            ReloadView lastReload,
            @Nullable Map<String, Long> responses) {
        this.version = requireNonNull(version, "version");
        this.startedAt = requireNonNull(startedAt, "startedAt");
        this.uptimeSeconds = uptimeSeconds;
        this.listeners = listeners == null ? List.of() : List.copyOf(listeners);
        this.revision = requireNonNull(revision, "revision");
        this.routes = routes;
        this.leases = leases == null ? List.of() : List.copyOf(leases);
        this.lastReload = requireNonNull(lastReload, "lastReload");
        this.responses =
                responses == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<String, Long>(responses));
    }
}
