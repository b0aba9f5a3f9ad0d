package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigReader;
import dev.portway.observe.PrometheusText;
import dev.portway.observe.ProxyMetrics;
import dev.portway.observe.RecentExchanges;
import dev.portway.routing.RouteRegistry;
import dev.portway.tunnel.Tunnels;
import dev.portway.upstream.BackendPool;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the admin API works on. Immutable; the parts live.
 *
 * @param registry the routes, to read and to change
 * @param backends those in use
 * @param tunnels those that are open
 * @param recent the requests that were answered last
 * @param reader of configurations that are to be validated
 * @param file the configuration file
 * @param metrics what was measured
 * @param prometheus the same as text
 * @param version of the proxy
 * @param startedAt when the process began to serve
 * @param listeners where it takes requests
 * @param clock for uptimes and ages
 * @param ready whether the proxy listens and its configuration is applied
 */
public record AdminParts(
        RouteRegistry registry,
        BackendPool backends,
        Tunnels tunnels,
        RecentExchanges recent,
        ConfigReader reader,
        Path file,
        ProxyMetrics metrics,
        PrometheusText prometheus,
        String version,
        Instant startedAt,
        Supplier<List<URI>> listeners,
        InstantSource clock,
        BooleanSupplier ready) {

    public AdminParts {
        requireNonNull(registry, "registry");
        requireNonNull(backends, "backends");
        requireNonNull(tunnels, "tunnels");
        requireNonNull(recent, "recent");
        requireNonNull(reader, "reader");
        requireNonNull(file, "file");
        requireNonNull(metrics, "metrics");
        requireNonNull(prometheus, "prometheus");
        requireNonNull(version, "version");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(listeners, "listeners");
        requireNonNull(clock, "clock");
        requireNonNull(ready, "ready");
    }
}
