package dev.portway.admin;

import dev.portway.api.BackendView;
import dev.portway.api.StatusView;
import dev.portway.api.TunnelView;
import dev.portway.observe.RouteTotals;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the health page shows, taken at one moment. Immutable.
 *
 * @param now the moment
 * @param status of the proxy
 * @param table in force
 * @param backends those in use
 * @param tunnels those that are open, the oldest first
 * @param traffic by id of the route; without an entry for a route that had none
 */
record PageData(
        Instant now,
        StatusView status,
        RouteTable table,
        List<BackendView> backends,
        List<TunnelView> tunnels,
        Map<String, RouteTotals> traffic) {

    PageData {
        backends = List.copyOf(backends);
        tunnels = List.copyOf(tunnels);
        traffic = Map.copyOf(traffic);
    }

    static PageData of(AdminParts parts) {
        RouteTable table = parts.registry().current();
        Map<String, RouteTotals> traffic = new HashMap<>();
        for (Route route : table.routes()) {
            parts.metrics().totals(route.id()).ifPresent(of -> traffic.put(route.id(), of));
        }
        parts.metrics().totals(Route.DEFAULT_ID).ifPresent(of -> traffic.put(Route.DEFAULT_ID, of));
        Instant now = parts.clock().instant();
        return new PageData(
                now,
                StatusViews.of(parts),
                table,
                new BackendViews(table, now).of(parts.backends()),
                TunnelViews.of(parts.tunnels()),
                traffic);
    }
}
