package dev.portway.admin;

import dev.portway.api.StatusView;
import dev.portway.observe.TrafficTotals;
import dev.portway.routing.Listing;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the proxy does, as it goes over the wire. */
final class StatusViews {

    private StatusViews() {}

    static StatusView of(AdminParts parts) {
        Listing listing = parts.registry().listing();
        return new StatusView(
                parts.version(),
                parts.startedAt(),
                Duration.between(parts.startedAt(), parts.clock().instant()).toSeconds(),
                parts.listeners().get().stream().map(URI::toString).toList(),
                listing.revision(),
                listing.routes().size(),
                LeaseViews.of(listing, parts.clock().instant()),
                ReloadViews.of(parts.registry().lastReload()),
                responses(parts.metrics().totals()));
    }

    private static Map<String, Long> responses(TrafficTotals totals) {
        Map<String, Long> responses = new LinkedHashMap<>();
        responses.put("1xx", totals.informational());
        responses.put("2xx", totals.success());
        responses.put("3xx", totals.redirection());
        responses.put("4xx", totals.clientError());
        responses.put("5xx", totals.serverError());
        return responses;
    }
}
