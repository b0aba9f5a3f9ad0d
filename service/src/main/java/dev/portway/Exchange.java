package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ExchangeRecord;
import dev.portway.exchange.ProxyError;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A request that a proxy has seen, and what became of it. Immutable.
 *
 * @param routeId of the route that it took; empty if there was none
 * @param method as received
 * @param host as received, its port included; empty if there was none
 * @param path as received, without the query, which may hold secrets
 * @param status sent, or 499 if the client left first
 * @param bytesIn of the request's body
 * @param bytesOut of the response's body
 * @param took from the first look at the request to the end of the response
 * @param error what went wrong in the proxy's eyes, in lower case with dashes; empty if nothing did
 */
public record Exchange(
        Optional<String> routeId,
        String method,
        Optional<String> host,
        String path,
        int status,
        long bytesIn,
        long bytesOut,
        Duration took,
        Optional<String> error) {

    public Exchange {
        requireNonNull(routeId, "routeId");
        requireNonNull(method, "method");
        requireNonNull(host, "host");
        requireNonNull(path, "path");
        requireNonNull(took, "took");
        requireNonNull(error, "error");
    }

    static Exchange of(ExchangeRecord ended) {
        return new Exchange(
                Optional.ofNullable(ended.routeId()),
                ended.method(),
                Optional.ofNullable(ended.host()),
                ended.path(),
                ended.status(),
                ended.bytesIn(),
                ended.bytesOut(),
                Duration.ofNanos(ended.totalNanos()),
                Optional.ofNullable(ended.error()).map(Exchange::word));
    }

    private static String word(ProxyError error) {
        return error.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
